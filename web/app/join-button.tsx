import { useMutation } from '@tanstack/react-query';
import type { Provider } from '../../src/store/port.ts';
import { Button } from '../ui/button.tsx';
import { call, noAnswer } from './api.ts';
import { ProblemCallout } from './problem-callout.tsx';
import { wayTo } from './provider-links.tsx';
import { words } from './words.ts';

/** Sets out to be joined. The browser goes there by itself, so fresh proof is asked for before. */
export function JoinButton({ provider, label }: { provider: Provider; label: string }) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => call({ method: 'GET', path: '/api/session/confirm', answer: noAnswer }),
    onSuccess: () => window.location.assign(wayTo(provider, { purpose: 'join', to: '/account#providers' })),
  });
  return (
    <div className="fc-stack">
      {error && <ProblemCallout error={error} />}
      <div><Button busy={isPending ? words.act.busy : undefined} onPress={() => mutate()}>{label}</Button></div>
    </div>
  );
}
