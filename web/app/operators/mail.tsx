import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { z } from 'zod/mini';
import type { MailItem } from '../../../src/api/operators.ts';
import { call } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Time } from '../../ui/time.tsx';
import type { Act } from '../forms/act-dialog.tsx';
import { useAsking } from '../forms/asking.ts';
import { messages } from '../messages.ts';
import { mailQuery } from './queries.ts';
import { More, Section } from './section.tsx';

const t = messages.operators.mail;
const states = ['queued', 'sent', 'kept', 'dropped'] as const;
const done = z.object({});

export function Mail({ state }: { state: MailItem['state'] }) {
  const mail = useInfiniteQuery(mailQuery(state));
  const asking = useAsking();
  const found = mail.data?.pages.flatMap(({ items }) => items);
  const rows = found?.map((item) => ({ id: item.id, cells: cellsOf(item, asking.ask) }));
  return (
    <Section
      title={t.title}
      lead={t.lead}
      empty={{ title: t.none(state), text: t.noneText }}
      tools={<States />}
      query={mail}
      count={rows?.length}
      asking={asking}
    >
      <DataTable label={`${t.title}: ${t.states[state]}`} columns={t.columns} rows={rows ?? []} />
      <More query={mail} />
    </Section>
  );
}

function States() {
  return (
    <nav className="fc-row" aria-label={t.stateNav}>
      {states.map((state) => (
        <Link
          key={state}
          to="/operators"
          search={{ part: 'mail', state }}
          className="fc-target"
          activeProps={{ 'aria-current': 'page' }}
        >
          {t.states[state]}
        </Link>
      ))}
    </nav>
  );
}

function cellsOf(mail: MailItem, ask: (act: Act) => void) {
  const { to, about, createdAt, tries, reason, nextTryAt } = mail;
  const now = new Date();
  return {
    to,
    about: t.kinds[about],
    written: <Time at={createdAt} now={now} />,
    tries,
    reason: reason ?? '–',
    nextTry: nextTryAt === null ? '–' : <Time at={nextTryAt} now={now} />,
    acts:
      nextTryAt === null ? (
        '–'
      ) : (
        <div className="fc-acts">
          <Button look="quiet" onPress={() => ask(retrying(mail))}>
            {t.retry}
            <span className="fc-hidden">: {to}</span>
          </Button>
        </div>
      ),
  };
}

function retrying({ id, to }: MailItem): Act {
  return {
    title: t.retryTitle(to),
    text: t.retryText,
    submit: t.retry,
    run: () =>
      call({
        method: 'POST',
        path: `/api/operator/mail/${encodeURIComponent(id)}/retry`,
        answer: done,
      }),
    done: t.retried(to),
  };
}
