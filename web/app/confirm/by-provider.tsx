import { useMutation } from '@tanstack/react-query';
import { providerNames, type Provider } from '../../../src/api/providers.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { startAt } from '../session/start-at-provider.ts';

/** In a tab beside this one, so that what was interrupted can continue here: the other tab tells when it is done. */
export function byProvider(provider: Provider) {
  return function ByProvider() {
    const { mutate, isPending, error } = useMutation({
      mutationFn: (tab: Window | null) => confirmIn(tab, provider),
    });
    // Browsers open a tab for a press alone, so it is there before the answer that says where it goes.
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

/** Where no tab may be opened, this one goes there. */
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
