import { Icon } from './icon.tsx';
import { words } from './messages.ts';

/** Names the services that are simulated. Empty when there are none. */
export function SandboxBanner({ sandbox }: { sandbox: readonly string[] }) {
  if (sandbox.length === 0) return null;
  return (
    <aside className="fc-sandbox" aria-label={words.sandbox.label}>
      <div className="fc-bar">
        <p>
          <Icon name="info" />
          {words.sandbox.sentence(sandbox)}
        </p>
        {sandbox.includes('mail') && <a href="/sandbox/mailbox">{words.sandbox.mailbox}</a>}
      </div>
    </aside>
  );
}
