import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { profileShape, userAnswer } from '../../../src/api/accounts.ts';
import type { User } from '../../../src/api/sessions.ts';
import { call } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { KeyValue } from '../../ui/key-value.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useForm } from '../forms/use-form.ts';
import { messages } from '../messages.ts';
import { sessionQuery } from '../queries.ts';

const t = messages.account;

/** The name that other users see. */
export function ProfileForm({ user }: { user: User }) {
  const queryClient = useQueryClient();
  const [done, setDone] = useState('');
  const { formProps, errors, busy, problem } = useForm({
    shape: profileShape,
    read: (form) => ({ name: form.get('name') }),
    send: async (body) => {
      setDone('');
      const { user: renamed } = await call({
        method: 'PATCH',
        path: '/api/account',
        body,
        answer: userAnswer,
      });
      queryClient.setQueryData(
        sessionQuery.queryKey,
        (before) => before && { ...before, user: renamed },
      );
      setDone(t.saved);
    },
  });
  return (
    <section className="fc-section" aria-labelledby="profile">
      <h2 id="profile">{t.profile}</h2>
      <form className="fc-card fc-form" {...formProps}>
        {problem && <ProblemCallout error={problem} />}
        <KeyValue facts={[{ label: messages.fields.email, value: user.email }]} />
        <Field label={messages.fields.name} error={errors['name']}>
          {(wiring) => (
            <Input {...wiring} name="name" autoComplete="name" defaultValue={user.name} required />
          )}
        </Field>
        <div className="fc-row">
          <Button type="submit" busy={busy ? t.saving : undefined}>
            {t.save}
          </Button>
          <p className="fc-done" role="status">
            {done}
          </p>
        </div>
      </form>
    </section>
  );
}
