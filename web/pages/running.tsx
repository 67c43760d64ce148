import { Callout } from '../ui/callout.tsx';
import { words } from './words.ts';

export interface RunningPageProps {
  /** Of the checks of this deployment. */
  checks: readonly { title: string }[];
}

/** Shown while the checks run: what they are, and that one need not wait. The server reloads it until they are done. */
export function RunningPage({ checks }: RunningPageProps) {
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <h1>{words.running.title}</h1>
        <Callout role="status"><p>{words.running.wait}</p></Callout>
      </header>
      <ul>{checks.map(({ title }) => <li key={title}>{title}</li>)}</ul>
      <p><a href="/security">{words.running.back}</a></p>
    </div>
  );
}
