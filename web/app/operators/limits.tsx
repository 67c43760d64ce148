import { useQuery } from '@tanstack/react-query';
import type { LimitItem } from '../../../src/api/operators.ts';
import { call, noAnswer } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Time } from '../../ui/time.tsx';
import type { Act } from '../forms/act-dialog.tsx';
import { useAsking } from '../forms/asking.ts';
import { messages } from '../messages.ts';
import { limitsQuery } from './queries.ts';
import { Section } from './section.tsx';

const t = messages.operators.limits;

export function Limits() {
  const limits = useQuery(limitsQuery);
  const asking = useAsking();
  const now = new Date();
  const rows = limits.data?.map((limit) => ({
    id: limit.id,
    cells: {
      subject: limit.subject,
      by: t.kinds[limit.by],
      limit: limit.about,
      until: <Time at={limit.until} now={now} />,
      acts: (
        <div className="fc-acts">
          <Button look="quiet" onPress={() => asking.ask(clearing(limit))}>
            {t.clear}
            <span className="fc-hidden">
              : {limit.about}, {limit.subject}
            </span>
          </Button>
        </div>
      ),
    },
  }));
  return (
    <Section
      title={t.title}
      lead={t.lead}
      empty={t.none}
      query={limits}
      count={rows?.length}
      asking={asking}
    >
      <DataTable label={t.title} columns={t.columns} rows={rows ?? []} />
    </Section>
  );
}

function clearing({ id, about, subject }: LimitItem): Act {
  return {
    title: t.clearTitle(about, subject),
    text: t.clearText,
    submit: t.clear,
    run: () =>
      call({
        method: 'DELETE',
        path: `/api/operator/limits/${encodeURIComponent(id)}`,
        answer: noAnswer,
      }),
    done: t.cleared(about, subject),
  };
}
