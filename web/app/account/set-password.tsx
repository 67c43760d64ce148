import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../ui/button-class.ts';
import { messages } from '../messages.ts';
import { keepAddress } from '../session/typed-address.ts';

const t = messages.account;

/** Sets the first password of an account that has none, by a code sent by email. */
export function SetPassword({ email }: { email: string }) {
  return (
    <section className="fc-section" aria-labelledby="password">
      <div className="fc-stack fc-stack-tight">
        <h2 id="password" tabIndex={-1}>
          {t.password}
        </h2>
        <p className="fc-muted">{t.noPassword}</p>
      </div>
      <div>
        <Link className={buttonClass('plain')} to="/recovery" onClick={() => keepAddress(email)}>
          {t.setPassword}
        </Link>
      </div>
    </section>
  );
}
