import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { z } from 'zod/mini';
import { providerNames } from '../../src/oauth/shapes.ts';
import { currentSession } from '../../src/sessions/shapes.ts';
import { confirmShape } from '../../src/two-factor/shapes.ts';
import type { Provider } from '../../src/store/port.ts';
import { Button } from '../ui/button.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { OwnerField } from './account-fields.tsx';
import { call } from './api.ts';
import { ProblemCallout } from './problem-callout.tsx';
import { atField, isProblem } from './problem.ts';
import { wayTo } from './provider-links.tsx';
import { sessionQuery } from './queries.ts';
import { useForm } from './use-form.ts';
import { words } from './words.ts';

const say = words.prove;
const confirmed = z.object({ session: currentSession });

/** A minute less than the server grants, so that what follows is not too late. */
const freshFor = 9 * 60_000;

export interface Proof {
  /** Does it at once if whoever sits here has just proved who they are, else as soon as they have. */
  before: (act: () => void) => void;
  /** What waits for it. */
  waiting: (() => void) | null;
  drop: () => void;
}

/** Fresh proof of who sits here, for what is sensitive. */
export function useProof(): Proof {
  const signed = useSuspenseQuery(sessionQuery).data;
  const [waiting, setWaiting] = useState<(() => void) | null>(null);
  const isFresh = () => signed !== null && Date.now() - Date.parse(signed.session.confirmedAt) < freshFor;
  return {
    waiting,
    before: (act) => (isFresh() ? act() : setWaiting(() => act)),
    drop: () => setWaiting(null),
  };
}

interface Methods {
  hasPassword: boolean;
  items: readonly { provider: Provider }[];
}

/** Asks for the proof in place, by what the account has, while something waits for it. */
export function Prove({ proof, methods: { hasPassword, items } }: { proof: Proof; methods: Methods }) {
  const { waiting } = proof;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (waiting) heading.current?.focus();
  }, [waiting]);
  if (!waiting) return null;
  return (
    <section className="fc-card fc-stack" aria-labelledby="prove">
      <h3 id="prove" ref={heading} tabIndex={-1}>{say.title}</h3>
      <p className="fc-muted">{say.lead}</p>
      {hasPassword && <ByPassword proof={proof} />}
      <div className="fc-row">
        {items.map(({ provider }) => (
          <LinkButton key={provider} href={wayTo(provider, { purpose: 'confirm', to: '/account#providers' })}>{say.by(providerNames[provider])}</LinkButton>
        ))}
        <Button look="quiet" onPress={proof.drop}>{say.cancel}</Button>
      </div>
    </section>
  );
}

function ByPassword({ proof: { waiting, drop } }: { proof: Proof }) {
  const queryClient = useQueryClient();
  const signed = useSuspenseQuery(sessionQuery).data;
  const { formProps, errors, busy, problem } = useForm({
    shape: confirmShape,
    read: (form) => ({ password: form.get('password') }),
    send: async (body) => {
      try {
        await call({ method: 'POST', path: '/api/session/confirm', body, answer: confirmed });
      } catch (error) {
        throw isProblem(error, 'wrong-credentials') ? atField(error, 'password') : error;
      }
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      drop();
      waiting?.();
    },
  });
  return (
    <form className="fc-form" {...formProps}>
      {problem && <ProblemCallout error={problem} />}
      <OwnerField email={signed?.user.email ?? ''} />
      <PasswordField label={words.fields.password} name="password" autoComplete="current-password" error={errors['password']} />
      <div><Button type="submit" look="primary" busy={busy ? say.busy : undefined}>{say.submit}</Button></div>
    </form>
  );
}
