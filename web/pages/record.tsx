import type { TrustView } from '../../src/api/trust.ts';
import { Callout } from '../ui/callout.tsx';
import { KeyValue } from '../ui/key-value.tsx';
import { Time } from '../ui/time.tsx';
import { messages } from './messages.ts';

const t = messages.record;

/** Shown first if the stored evidence was changed outside the program. */
export function BrokenRecord({
  breaks,
  now,
}: {
  breaks: TrustView['record']['breaks'];
  now: Date;
}) {
  if (breaks.length === 0) return null;
  return (
    <Callout tone="danger" title={t.brokenTitle}>
      <p>{t.broken}</p>
      <ul>
        {breaks.map(({ before, noticedAt }) => (
          <li key={before}>
            {t.before(before)}
            {noticedAt !== null && (
              <>
                , {t.noticed} <Time at={noticedAt} now={now} />
              </>
            )}
          </li>
        ))}
      </ul>
    </Callout>
  );
}

/** Claims that the page no longer makes stay visible, so none is withdrawn silently. */
export function RemovedClaims({ removed, now }: { removed: TrustView['removed']; now: Date }) {
  if (removed.length === 0) return null;
  return (
    <section className="fc-page-section" aria-labelledby="removed">
      <h2 id="removed">{t.removedTitle}</h2>
      <ul>
        {removed.map(({ id, statement, at }) => (
          <li key={id} id={id}>
            <del>{statement}</del>{' '}
            {at !== null && (
              <span className="fc-muted">
                {t.removed} <Time at={at} now={now} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/**
 * How to verify this from outside, what to keep for the next time, and what even that does not
 * show.
 */
export function CheckYourself({
  view: { deployment, record },
  now,
}: {
  view: TrustView;
  now: Date;
}) {
  const { key, head, checkpoint } = record;
  return (
    <section className="fc-page-section" aria-labelledby="yourself">
      <h2 id="yourself">{t.title}</h2>
      <p>{t.lead(deployment.commit !== null)}</p>
      <pre className="fc-terminal">{`node bin/flowcept.js verify ${deployment.origin}`}</pre>
      <KeyValue
        facts={[
          { label: messages.security.build, value: <code>{deployment.build}</code> },
          ...(deployment.commit === null
            ? []
            : [{ label: messages.security.commit, value: <code>{deployment.commit}</code> }]),
          { label: t.key, value: <code>{key}</code> },
          {
            label: t.head,
            value:
              head === null ? (
                t.noHead
              ) : (
                <>
                  {t.entry(head.seq)}: <code>{head.hash}</code>
                </>
              ),
          },
          {
            label: t.checkpoint,
            value:
              checkpoint === null ? (
                t.noHead
              ) : (
                <>
                  {t.entry(checkpoint.seq)}, <Time at={checkpoint.at} now={now} />
                </>
              ),
          },
        ]}
      />
      <p>
        <a href="/.well-known/flowcept-evidence.jws">{t.evidence}</a> ·{' '}
        <a href="/.well-known/jwks.json">{t.keys}</a> · <a href="/api/trust/history">{t.history}</a>{' '}
        · <a href="/.well-known/flowcept-evidence.schema.json">{t.schema}</a>
      </p>
      <h3>{t.fakedTitle}</h3>
      <ul className="fc-bullets">
        {t.faked.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
