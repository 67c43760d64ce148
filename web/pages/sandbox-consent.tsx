import { Fragment } from 'react';
import { Button } from '../ui/button.tsx';
import { Callout } from '../ui/callout.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { messages } from './messages.ts';

const t = messages.consent;

export interface MockConsentPageProps {
  /** The provider that is simulated. */
  provider: string;
  action: string;
  /** The authorization request, sealed. */
  ask: string;
  scopes: readonly string[];
  problem: string | null;
}

const cast = [
  { name: 'Ada Lovelace', email: 'ada@example.org' },
  { name: 'Grace Hopper', email: 'grace@example.org' },
  { name: 'Katherine Johnson', email: 'katherine@example.org' },
];

/**
 * The consent page of a mock provider, where an account is chosen or invented. It has no script:
 * each account is a form of its own.
 */
export function MockConsentPage({ provider, action, ask, scopes, problem }: MockConsentPageProps) {
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <h1>{t.title(provider)}</h1>
        <p>{t.lead(provider)}</p>
        <p className="fc-muted">
          {t.asks}{' '}
          {scopes.map((scope) => (
            <Fragment key={scope}>
              <code className="fc-code">{scope}</code>{' '}
            </Fragment>
          ))}
        </p>
      </header>
      <section className="fc-section" aria-labelledby="pick">
        <h2 id="pick">{t.pick}</h2>
        <div className="fc-row">
          {cast.map(({ name, email }) => (
            <form key={email} method="get" action={action}>
              <input type="hidden" name="ask" value={ask} />
              <input type="hidden" name="name" value={name} />
              <input type="hidden" name="email" value={email} />
              <input type="hidden" name="verified" value="on" />
              <Button type="submit">{name}</Button>
            </form>
          ))}
        </div>
      </section>
      <section className="fc-section" aria-labelledby="invent">
        <h2 id="invent">{t.invent}</h2>
        {problem !== null && (
          <Callout tone="danger" role="alert">
            <p>{problem}</p>
          </Callout>
        )}
        <form className="fc-card fc-form" method="get" action={action}>
          <input type="hidden" name="ask" value={ask} />
          <Field label={t.name}>
            {(wiring) => <Input {...wiring} name="name" autoComplete="off" required />}
          </Field>
          <Field label={t.email}>
            {(wiring) => (
              <Input {...wiring} type="email" name="email" autoComplete="off" required />
            )}
          </Field>
          <Checkbox label={t.verified} name="verified" defaultChecked />
          <Button type="submit" look="primary" wide>
            {t.agree}
          </Button>
        </form>
      </section>
      <form method="get" action={action}>
        <input type="hidden" name="ask" value={ask} />
        <input type="hidden" name="refuse" value="on" />
        <Button type="submit">{t.refuse}</Button>
      </form>
    </div>
  );
}
