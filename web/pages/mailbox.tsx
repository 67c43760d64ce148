import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { Time } from '../ui/time.tsx';
import { messages } from './messages.ts';

const t = messages.mailbox;

interface SandboxMail {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  sentAt: string;
}

export interface MailboxPageProps {
  /** Newest first. */
  items: readonly SandboxMail[];
  /** The recipient to filter by; `null` for all. */
  to: string | null;
  /** The origin of this deployment: a URL of it is shown as a link. */
  origin: string;
}

/** The sandbox mailbox shows emails as text. The HTML of an email is never part of this page. */
export function MailboxPage({ items, to, origin }: MailboxPageProps) {
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <h1>{t.title}</h1>
        <p>{t.lead}</p>
      </header>
      <form className="fc-filter" method="get" action="/sandbox/mailbox">
        <Field label={t.filter}>
          {(wiring) => (
            <Input
              {...wiring}
              type="search"
              name="to"
              defaultValue={to ?? ''}
              placeholder={t.placeholder}
              autoComplete="off"
            />
          )}
        </Field>
        <Button type="submit">{t.apply}</Button>
      </form>
      <div className="fc-row">
        <span className="fc-muted">{t.count(items.length)}</span>
        <a className="fc-target" href={mailboxHref(to)}>
          {t.refresh}
        </a>
        {to !== null && (
          <a className="fc-target" href={mailboxHref(null)}>
            {t.all}
          </a>
        )}
      </div>
      {items.length === 0 ? (
        <NoMail to={to} />
      ) : (
        items.map((mail) => <Mail key={mail.id} mail={mail} origin={origin} />)
      )}
    </div>
  );
}

function Mail({ mail, origin }: { mail: SandboxMail; origin: string }) {
  const code = codeIn(mail.text);
  return (
    <article className="fc-card fc-mail" aria-labelledby={`mail-${mail.id}`}>
      <h2 id={`mail-${mail.id}`}>{mail.subject}</h2>
      <p className="fc-muted fc-small">
        {t.to} <bdi>{mail.to}</bdi> · {t.sent} <Time at={mail.sentAt} />
      </p>
      {code !== null && (
        <p className="fc-mail-code">
          <span className="fc-hidden">{t.code} </span>
          <code className="fc-pick">{code}</code>
        </p>
      )}
      <pre className="fc-mail-text">
        {mail.text.split('\n').map((line, at) => (
          <Line key={at} text={line} origin={origin} />
        ))}
      </pre>
    </article>
  );
}

/**
 * Only a whole line that is a URL of this deployment becomes a link; nothing that a user typed
 * does.
 */
function Line({ text, origin }: { text: string; origin: string }) {
  const isOurs = text.startsWith(`${origin}/`) && URL.canParse(text) && !/\s/.test(text);
  return (
    <>
      {isOurs ? <a href={text}>{text}</a> : text}
      {'\n'}
    </>
  );
}

function NoMail({ to }: { to: string | null }) {
  if (to === null)
    return (
      <EmptyState
        title={t.emptyTitle}
        way={<LinkButton href="/sign-up">{messages.landing.createAccount}</LinkButton>}
      >
        {t.empty}
      </EmptyState>
    );
  return (
    <EmptyState
      title={t.emptyFilteredTitle(to)}
      way={<LinkButton href={mailboxHref(null)}>{t.all}</LinkButton>}
    >
      {t.emptyFiltered}
    </EmptyState>
  );
}

/** An email with a code has the code alone on a line. */
function codeIn(text: string): string | null {
  return /^\d{6}$/m.exec(text.replaceAll('\r', ''))?.[0] ?? null;
}

function mailboxHref(to: string | null): string {
  return to === null ? '/sandbox/mailbox' : `/sandbox/mailbox?to=${encodeURIComponent(to)}`;
}
