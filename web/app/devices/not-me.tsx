import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { buttonClass } from '../../ui/button-class.ts';
import { words } from '../messages.ts';
import { sessionsQuery } from '../queries.ts';
import { SignOutOthers } from './sign-out-others.tsx';

const say = words.activity;

/** What to do when something was somebody else. */
export function NotMe() {
  const [open, setOpen] = useState(false);
  return (
    <details className="fc-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say.notMe}</summary>
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
      <p>{say.notMeLead}</p>
      <ol className="fc-steps">
        <li>
          <div className="fc-stack">
            <p>{say.notMeSignOut}</p>
            <p className="fc-done" role="status">
              {done}
            </p>
            {others === 0 && done === '' && <p className="fc-muted">{words.home.onlyThis}</p>}
            {others !== undefined && others > 0 && (
              <SignOutOthers count={others} onDone={setDone} />
            )}
          </div>
        </li>
        <li>
          <div className="fc-stack">
            <p>{say.notMePassword}</p>
            <Link className={buttonClass('plain')} to="/account" hash="password">
              {words.account.change}
            </Link>
          </div>
        </li>
      </ol>
    </div>
  );
}
