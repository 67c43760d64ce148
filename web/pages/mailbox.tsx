import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { Time } from '../ui/time.tsx';
import { words } from './messages.ts';

const say = words.mailbox;

export interface SandboxMail {
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
  /** The address asked for; `null` for all. */
  to: string | null;
  /** Of this deployment: what leads there is a link. */
  origin: string;
}

/** The mail of sandbox mode, as text: a mail's HTML is never put into this page. */
export function MailboxPage({ items, to, origin }: MailboxPageProps) {
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <h1>{say.title}</h1>
        <p>{say.lead}</p>
      </header>
      <form className="fc-filter" method="get" action="/sandbox/mailbox">
        <Field label={say.filter}>
          {(wiring) => (
            <Input
              {...wiring}
              type="search"
              name="to"
              defaultValue={to ?? ''}
              placeholder={say.placeholder}
              autoComplete="off"
            />
          )}
        </Field>
        <Button type="submit">{say.apply}</Button>
      </form>
      <div className="fc-row">
        <span className="fc-muted">{say.count(items.length)}</span>
        <a className="fc-target" href={mailboxHref(to)}>
          {say.refresh}
        </a>
        {to !== null && (
          <a className="fc-target" href={mailboxHref(null)}>
            {say.all}
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
        {say.to} <bdi>{mail.to}</bdi> · {say.sent} <Time at={mail.sentAt} />
      </p>
      {code !== null && (
        <p className="fc-mail-code">
          <span className="fc-hidden">{say.code} </span>
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

/** A line that is an address of ours as a whole: nothing that somebody typed is made a link of. */
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
        title={say.emptyTitle}
        way={<LinkButton href="/sign-up">{words.landing.createAccount}</LinkButton>}
      >
        {say.empty}
      </EmptyState>
    );
  return (
    <EmptyState
      title={say.emptyFilteredTitle(to)}
      way={<LinkButton href={mailboxHref(null)}>{say.all}</LinkButton>}
    >
      {say.emptyFiltered}
    </EmptyState>
  );
}

/** Code mails carry the code alone on a line. */
function codeIn(text: string): string | null {
  return /^\d{6}$/m.exec(text.replaceAll('\r', ''))?.[0] ?? null;
}

function mailboxHref(to: string | null): string {
  return to === null ? '/sandbox/mailbox' : `/sandbox/mailbox?to=${encodeURIComponent(to)}`;
}
