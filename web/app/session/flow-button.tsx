import { useMutation } from '@tanstack/react-query';
import type { Provider } from '../../../src/api/providers.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { startAt } from './start-at-provider.ts';

interface FlowButtonProps {
  provider: Provider;
  purpose: 'connect' | 'confirm';
  /** The path in the app to return to. */
  to: string;
  label: string;
}

/** Leads to a provider, to connect it or to re-authenticate. */
export function FlowButton({ provider, purpose, to, label }: FlowButtonProps) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => startAt(provider, purpose, to),
    onSuccess: (location) => window.location.assign(location),
  });
  return (
    <div className="fc-stack">
      {error && <ProblemCallout error={error} />}
      <div>
        <Button busy={isPending ? messages.act.busy : undefined} onPress={() => mutate()}>
          {label}
        </Button>
      </div>
    </div>
  );
}
