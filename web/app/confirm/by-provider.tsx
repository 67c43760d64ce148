import { useMutation } from '@tanstack/react-query';
import { providerNames, type Provider } from '../../../src/api/providers.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { startAt } from '../session/start-at-provider.ts';

/**
 * Confirms at a provider in another tab, so that the interrupted action can continue here. That tab
 * reports when it is done.
 */
export function byProvider(provider: Provider) {
  return function ByProvider() {
    const { mutate, isPending, error } = useMutation({
      mutationFn: (tab: Window | null) => confirmIn(tab, provider),
    });
    // Browsers open a tab only in response to a click, so the tab opens before the server has
    // answered with its URL.
    return (
      <>
        {error && <ProblemCallout error={error} />}
        <Button
          look="primary"
          wide
          busy={isPending ? messages.act.busy : undefined}
          onPress={() => mutate(window.open('about:blank', '_blank'))}
        >
          {messages.verification.continueWith(providerNames[provider])}{' '}
          <span className="fc-hidden">({messages.newTab})</span>
        </Button>
      </>
    );
  };
}

/** If the browser blocks the tab, this tab goes to the provider. */
async function confirmIn(tab: Window | null, provider: Provider): Promise<void> {
  if (tab) tab.opener = null;
  try {
    const location = await startAt(provider, 'confirm', '/proved');
    (tab ?? window).location.assign(location);
  } catch (error) {
    tab?.close();
    throw error;
  }
}
