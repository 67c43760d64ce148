import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod/mini';
import { addedAnswer, type totpEnrolmentAnswer } from '../../../src/api/two-factor.ts';
import { call } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { wrongAnswer } from '../confirm/wrong-answer.ts';
import { CopyButton } from '../forms/copy-button.tsx';
import { messages } from '../messages.ts';
import { CodeEntry } from '../session/code-entry.tsx';
import { EndOthers } from './end-others.tsx';
import { useFocusAtStart } from './use-focus-at-start.ts';

const t = messages.factors;

export type Enrolment = z.infer<typeof totpEnrolmentAnswer>;

interface AddAppProps {
  enrolment: Enrolment;
  isFirst: boolean;
  onAdded: (added: z.infer<typeof addedAnswer>) => Promise<void>;
  onLeave: () => void;
}

/** Adds an authenticator app: shows the secret, and asks for the first code. */
export function AddApp({
  enrolment: { factor, secret, uri, qr },
  isFirst,
  onAdded,
  onLeave,
}: AddAppProps) {
  const heading = useFocusAtStart();
  const [endsOthers, setEndsOthers] = useState(true);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (code: string) =>
      call({
        method: 'POST',
        path: '/api/factors/totp/confirm',
        body: { id: factor.id, code, keepOtherSessions: !endsOthers },
        answer: addedAnswer,
      }),
    onSuccess: onAdded,
  });
  return (
    <div className="fc-card fc-form">
      <h3 ref={heading} tabIndex={-1}>
        {t.addApp}
      </h3>
      <p>{t.scan}</p>
      <img
        className="fc-qr"
        src={`data:image/svg+xml,${encodeURIComponent(qr)}`}
        alt={t.qr}
        width="192"
        height="192"
      />
      <p>
        <a className="fc-target" href={uri}>
          {t.openApp}
        </a>
      </p>
      <div className="fc-stack fc-stack-tight">
        <p>{t.typeSecret}</p>
        <p className="fc-row">
          <code className="fc-code fc-pick">{secret.match(/.{1,4}/g)?.join(' ')}</code>
          <CopyButton text={secret}>{t.copySecret}</CopyButton>
        </p>
      </div>
      {isFirst && <EndOthers checked={endsOthers} onChange={setEndsOthers} />}
      <p>{t.thenCode}</p>
      <CodeEntry
        label={messages.verification.code}
        onWhole={mutate}
        busy={isPending}
        error={error}
        wrong={wrongAnswer(error)}
      />
      <div>
        <Button look="quiet" onPress={onLeave}>
          {messages.act.cancel}
        </Button>
      </div>
    </div>
  );
}
