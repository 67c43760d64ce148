import { useState } from 'react';
import { z } from 'zod/mini';
import { name } from '../../../src/api/accounts.ts';
import { addedAnswer } from '../../../src/api/two-factor.ts';
import { call } from '../../client/api.ts';
import { createPasskey, creationAnswer } from '../../client/passkeys.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useForm } from '../forms/use-form.ts';
import { messages } from '../messages.ts';
import { keepLastFactor } from '../session/last-factor.ts';
import { EndOthers } from './end-others.tsx';
import { useFocusAtStart } from './use-focus-at-start.ts';

const t = messages.factors;
const shape = z.strictObject({ name });

interface AddPasskeyProps {
  /** The number of second factors. */
  count: number;
  onAdded: (added: z.infer<typeof addedAnswer>) => Promise<void>;
  onLeave: () => void;
}

/** Adds a passkey: asks for its name, then the browser takes over. */
export function AddPasskey({ count, onAdded, onLeave }: AddPasskeyProps) {
  const heading = useFocusAtStart();
  const [endsOthers, setEndsOthers] = useState(true);
  const { formProps, errors, busy, problem } = useForm({
    shape,
    read: (form) => ({ name: form.get('name') }),
    send: async (typed) => {
      const { options } = await call({
        method: 'POST',
        path: '/api/factors/passkeys/options',
        body: {},
        answer: creationAnswer,
      });
      const body = {
        response: await createPasskey(options),
        name: typed.name,
        keepOtherSessions: !endsOthers,
      };
      const added = await call({
        method: 'POST',
        path: '/api/factors/passkeys',
        body,
        answer: addedAnswer,
      });
      keepLastFactor('passkey');
      await onAdded(added);
    },
  });
  return (
    <form className="fc-card fc-form" {...formProps}>
      <h3 ref={heading} tabIndex={-1}>
        {t.addPasskey}
      </h3>
      <p>{t.aboutPasskeys}</p>
      {problem && <ProblemCallout error={problem} />}
      <Field label={messages.fields.name} hint={t.nameHint} error={errors['name']}>
        {(wiring) => (
          <Input
            {...wiring}
            name="name"
            defaultValue={t.passkeyName(count + 1)}
            autoComplete="off"
            required
          />
        )}
      </Field>
      {count === 0 && <EndOthers checked={endsOthers} onChange={setEndsOthers} />}
      <div className="fc-row">
        <Button type="submit" look="primary" busy={busy ? messages.passkey.waiting : undefined}>
          {t.createPasskey}
        </Button>
        <Button onPress={onLeave}>{messages.act.cancel}</Button>
      </div>
    </form>
  );
}
