import { useQuery } from '@tanstack/react-query';
import type { SettingItem } from '../../../src/api/operators.ts';
import { Badge } from '../../ui/badge.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { useAsking } from '../forms/asking.ts';
import { messages } from '../messages.ts';
import { settingsQuery } from './queries.ts';
import { Section } from './section.tsx';

const t = messages.operators.settings;

export function Settings() {
  const settings = useQuery(settingsQuery);
  const asking = useAsking();
  const rows = settings.data?.map((setting) => ({
    id: setting.name,
    cells: {
      name: <code>{setting.name}</code>,
      value: <Value setting={setting} />,
      origin: t.origins[setting.origin],
    },
  }));
  return (
    <Section
      title={t.title}
      lead={t.lead}
      empty={t.none}
      query={settings}
      count={rows?.length}
      asking={asking}
    >
      <DataTable label={t.title} columns={t.columns} rows={rows ?? []} />
    </Section>
  );
}

function Value({ setting: { value, redacted } }: { setting: SettingItem }) {
  if (value === null) return <span className="fc-muted">{t.unset}</span>;
  return (
    <span className="fc-row">
      <code>{value}</code>
      {redacted && <Badge>{t.redacted}</Badge>}
    </span>
  );
}
