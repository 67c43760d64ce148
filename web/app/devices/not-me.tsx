import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { buttonClass } from '../../ui/button-class.ts';
import { messages } from '../messages.ts';
import { sessionsQuery } from '../queries.ts';
import { SignOutOthers } from './sign-out-others.tsx';

const t = messages.activity;

/** What to do if someone else used the account. */
export function NotMe() {
  const [open, setOpen] = useState(false);
  return (
    <details className="fc-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.notMe}</summary>
      {open && <Steps />}
    </details>
  );
}

function Steps() {
  const sessions = useQuery(sessionsQuery);
  const [done, setDone] = useState('');
  const others = sessions.data?.filter(({ current }) => !current).length;
  return (
    <div className="fc-card fc-stack">
      <p>{t.notMeLead}</p>
      <ol className="fc-steps">
        <li>
          <div className="fc-stack">
            <p>{t.notMeSignOut}</p>
            <p className="fc-done" role="status">
              {done}
            </p>
            {others === 0 && done === '' && <p className="fc-muted">{messages.home.onlyThis}</p>}
            {others !== undefined && others > 0 && (
              <SignOutOthers count={others} onDone={setDone} />
            )}
          </div>
        </li>
        <li>
          <div className="fc-stack">
            <p>{t.notMePassword}</p>
            <Link className={buttonClass('plain')} to="/account" hash="password">
              {messages.account.change}
            </Link>
          </div>
        </li>
      </ol>
    </div>
  );
}
