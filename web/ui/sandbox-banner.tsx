import { Icon } from './icon.tsx';
import { messages } from './messages.ts';

/** Names the simulated services. Empty if there are none. */
export function SandboxBanner({ sandbox }: { sandbox: readonly string[] }) {
  if (sandbox.length === 0) return null;
  return (
    <aside className="fc-sandbox" aria-label={messages.sandbox.label}>
      <div className="fc-bar">
        <p>
          <Icon name="info" />
          {messages.sandbox.sentence(sandbox)}
        </p>
        {sandbox.includes('mail') && <a href="/sandbox/mailbox">{messages.sandbox.mailbox}</a>}
      </div>
    </aside>
  );
}
