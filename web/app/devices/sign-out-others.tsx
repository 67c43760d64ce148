import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call, noAnswer } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { sessionsQuery } from '../queries.ts';

const t = messages.home;

/** Ends every session of the account except the current one. */
export function SignOutOthers({
  count,
  onDone,
}: {
  count: number;
  onDone: (sentence: string) => void;
}) {
  const queryClient = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => call({ method: 'DELETE', path: '/api/sessions', answer: noAnswer }),
    onSuccess: () => onDone(t.signedOutOthers),
    onSettled: () => queryClient.invalidateQueries(sessionsQuery),
  });
  return (
    <div className="fc-stack">
      {signOut.error && <ProblemCallout error={signOut.error} />}
      <Button
        look="danger"
        busy={signOut.isPending ? t.signingOut : undefined}
        onPress={() => signOut.mutate()}
      >
        {t.signOutOthers(count)}
      </Button>
    </div>
  );
}
