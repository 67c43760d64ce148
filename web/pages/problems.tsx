import type { ProblemName } from '../../src/problems.ts';
import { KeyValue } from '../ui/key-value.tsx';
import { problemHelp } from '../ui/problem-help.ts';
import { messages } from './messages.ts';

const t = messages.problems;

interface Refused {
  status: number;
  title: string;
}

/** Every problem by name. */
export function ProblemsPage({ problems }: { problems: Record<ProblemName, Refused> }) {
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <h1>{t.title}</h1>
        <p>{t.lead}</p>
      </header>
      <dl className="fc-legend">
        {Object.entries(problems).map(([name, { status, title }]) => (
          <div key={name}>
            <dt>
              <a className="fc-target" href={`/problems/${name}`}>
                <code>{name}</code>
              </a>
            </dt>
            <dd>
              {title} <span className="fc-muted">({status})</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/**
 * The page that the `type` of a problem leads to: RFC 9457 §3.1.1 recommends that it is readable
 * documentation.
 */
export function ProblemPage({ name, status, title }: Refused & { name: ProblemName }) {
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <p>
          <a href="/problems">{t.all}</a>
        </p>
        <h1>{title}</h1>
        <p>{problemHelp[name].hint}</p>
      </header>
      <KeyValue
        facts={[
          { label: t.status, value: status },
          { label: t.type, value: <code>{`/problems/${name}`}</code> },
        ]}
      />
    </div>
  );
}
