import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { userAnswer } from '../../../src/api/accounts.ts';
import type { AssertionJson } from '../../../src/api/two-factor.ts';
import { call } from '../../client/api.ts';
import {
  endAutofill,
  hasAutofill,
  hasPasskeys,
  presentFromAutofill,
  presentPasskey,
  requestAnswer,
} from '../../client/passkeys.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { keepLastFactor, lastFactor } from './last-factor.ts';
import { useArrive } from './use-arrive.ts';
import { useReopening } from './use-reopening.ts';

/** Milliseconds; less than the five minutes after which the server’s options expire. */
const offerAgainAfter = 4 * 60_000;

/** Signs in by a passkey alone, without an email address. */
export function PasskeySignIn({ to }: { to: string | null }) {
  const arrive = useArrive();
  const reopen = useReopening();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async (present: () => Promise<AssertionJson>) => {
      const body = { response: await present() };
      try {
        await call({ method: 'POST', path: '/api/sign-in/passkey', body, answer: userAnswer });
      } catch (error) {
        return reopen(error);
      }
      keepLastFactor('passkey');
      await arrive(to);
    },
  });
  useOfferAtAddress(mutate);
  if (!hasPasskeys()) return null;
  return (
    <>
      {error && <ProblemCallout error={error} />}
      <Button
        wide
        busy={isPending ? messages.passkey.waiting : undefined}
        onPress={() => mutate(async () => presentPasskey(await askForOptions()))}
      >
        {messages.passkey.signIn}
      </Button>
    </>
  );
}

async function askForOptions() {
  const { options } = await call({
    method: 'POST',
    path: '/api/sign-in/passkey/options',
    body: {},
    answer: requestAnswer,
  });
  return options;
}

/**
 * Where a passkey was used last, the browser offers it in the address field. Only there: the server
 * is asked for each offer, and counts it as a sign-in attempt of that client address.
 */
function useOfferAtAddress(signIn: (present: () => Promise<AssertionJson>) => void): void {
  useEffect(() => {
    if (lastFactor() !== 'passkey') return;
    let left = false;
    async function offer() {
      if (left || !(await hasAutofill())) return;
      const response = await presentFromAutofill(await askForOptions());
      if (response !== null && !left) signIn(async () => response);
    }
    const again = () => void offer().catch(() => undefined);
    again();
    const timer = setInterval(again, offerAgainAfter);
    return () => {
      left = true;
      clearInterval(timer);
      void endAutofill();
    };
  }, [signIn]);
}
