import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../ui/button-class.ts';
import { words } from '../messages.ts';
import { keepAddress } from '../session/typed-address.ts';

const say = words.account;

/** For an account without a password: a code by mail sets one. */
export function SetPassword({ email }: { email: string }) {
  return (
    <section className="fc-section" aria-labelledby="password">
      <div className="fc-stack fc-stack-tight">
        <h2 id="password" tabIndex={-1}>
          {say.password}
        </h2>
        <p className="fc-muted">{say.noPassword}</p>
      </div>
      <div>
        <Link className={buttonClass('plain')} to="/recovery" onClick={() => keepAddress(email)}>
          {say.forgotWay}
        </Link>
      </div>
    </section>
  );
}
