import { useMutation } from '@tanstack/react-query';
import { challengeAnswer } from '../../../src/api/challenges.ts';
import { call } from '../../client/api.ts';
import { ApiProblem, isProblem } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useCountdown } from '../forms/use-countdown.ts';
import { messages } from '../messages.ts';
import { resendAfter, type PendingChallenge } from './pending-challenge.ts';

const t = messages.checkMail;

interface ResendCodeProps {
  pending: PendingChallenge;
  onSent: (next: PendingChallenge) => void;
  onOver: () => void;
}

/** Sends another code for the same challenge, as soon as the server allows it. */
export function ResendCode({ pending, onSent, onOver }: ResendCodeProps) {
  const left = useCountdown(pending.resendAt);
  const path = `/api/challenges/${encodeURIComponent(pending.challenge.id)}/resend`;
  const resend = useMutation({
    mutationFn: () => call({ method: 'POST', path, answer: challengeAnswer }),
    onSuccess: ({ challenge }) =>
      onSent({ ...pending, challenge, resendAt: Date.now() + resendAfter }),
    onError: (error) => {
      if (isProblem(error, 'challenge-over') || isProblem(error, 'not-found')) onOver();
      else if (error instanceof ApiProblem && error.retryAfter !== undefined)
        onSent({ ...pending, resendAt: Date.now() + error.retryAfter * 1000 });
    },
  });
  return (
    <div className="fc-stack">
      {resend.error && <ProblemCallout error={resend.error} />}
      <p className="fc-done" role="status">
        {resend.isSuccess && t.resent}
      </p>
      <Button
        look="quiet"
        off={left > 0}
        busy={resend.isPending ? t.resending : undefined}
        onPress={() => resend.mutate()}
      >
        {left > 0 ? t.resendIn(left) : t.resend}
      </Button>
    </div>
  );
}
