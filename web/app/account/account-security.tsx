import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../ui/button-class.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { factorsQuery, sessionsQuery } from '../queries.ts';
import { recommendationsFor, type Recommendation } from './recommendations.ts';

const t = messages.account;

/**
 * Recommendations that make the account safer, if there are any, and links to the devices and the
 * activity.
 */
export function AccountSecurity() {
  const sessions = useQuery(sessionsQuery);
  const factors = useQuery(factorsQuery);
  // What was loaded before is not judged while it cannot be loaded again.
  const failed = [sessions, factors].find(({ error }) => error !== null);
  return (
    <section className="fc-section" aria-labelledby="security">
      <h2 id="security">{t.security}</h2>
      {!failed && (sessions.isPending || factors.isPending) && (
        <p className="fc-muted" role="status">
          {t.looking}
        </p>
      )}
      {failed && (
        <ProblemCallout error={failed.error}>
          <Button onPress={() => void Promise.all([sessions.refetch(), factors.refetch()])}>
            {messages.tryAgain}
          </Button>
        </ProblemCallout>
      )}
      {!failed && sessions.data && factors.data && (
        <Recommendations
          found={recommendationsFor({
            sessions: sessions.data,
            factors: factors.data,
            now: new Date(),
          })}
        />
      )}
      <p className="fc-row">
        <Link className="fc-target" to="/home" hash="devices">
          {t.seeDevices}
        </Link>
        <Link className="fc-target" to="/activity">
          {t.seeActivity}
        </Link>
      </p>
    </section>
  );
}

function Recommendations({ found }: { found: Recommendation[] }) {
  if (found.length === 0)
    return (
      <Callout tone="good" title={t.nothingToDo}>
        <p>{t.nothingWhy}</p>
      </Callout>
    );
  return (
    <ul className="fc-section">
      {found.map(({ id, why, way }) => (
        <li key={id}>
          <Callout tone="warn">
            <p>{why}</p>
            <Link className={buttonClass('plain')} to={way.to} hash={way.hash}>
              {way.label}
            </Link>
          </Callout>
        </li>
      ))}
    </ul>
  );
}
