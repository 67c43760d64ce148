import { Icon } from './icon.tsx';
import { words } from './messages.ts';

/** Names what only a local stand-in serves. Nothing when everything is real. */
export function PracticeBanner({ practice }: { practice: readonly string[] }) {
  if (practice.length === 0) return null;
  return (
    <aside className="fc-practice" aria-label={words.practice.label}>
      <div className="fc-bar">
        <p>
          <Icon name="info" />
          {words.practice.sentence(practice)}
        </p>
        {practice.includes('mail') && <a href="/practice/mailbox">{words.practice.mailbox}</a>}
      </div>
    </aside>
  );
}
