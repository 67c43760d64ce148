import { useInfiniteQuery } from '@tanstack/react-query';
import type { RecordItem } from '../../../src/api/operators.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Time } from '../../ui/time.tsx';
import { useAsking } from '../forms/asking.ts';
import { messages } from '../messages.ts';
import { recordQuery } from './queries.ts';
import { More, Section } from './section.tsx';

const t = messages.operators.auditLog;

export function AuditLog() {
  const record = useInfiniteQuery(recordQuery);
  const asking = useAsking();
  const found = record.data?.pages.flatMap(({ items }) => items);
  const rows = found?.map(({ id, summary, actor, account, target, at }) => ({
    id,
    cells: {
      what: summary,
      actor: nameOf(actor),
      account: <Target account={account} target={target} />,
      at: <Time at={at} />,
    },
  }));
  return (
    <Section
      title={t.title}
      lead={t.lead}
      empty={t.none}
      query={record}
      count={rows?.length}
      asking={asking}
    >
      <DataTable label={t.title} columns={t.columns} rows={rows ?? []} />
      <More query={record} />
    </Section>
  );
}

/** Whom or what the action was about. The target of a policy is the instant from which it applies. */
function Target({ account, target }: Pick<RecordItem, 'account' | 'target'>) {
  if (account === null && target === null) return '–';
  return (
    <>
      {account && nameOf(account)}
      {account && target !== null && ' · '}
      {target !== null && (isInstant(target) ? <Time at={target} /> : target)}
    </>
  );
}

function isInstant(target: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(target);
}

function nameOf(person: RecordItem['actor']): string {
  return person === null ? t.system : (person.email ?? t.gone(person.id));
}
