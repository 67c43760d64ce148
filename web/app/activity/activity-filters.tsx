import { useNavigate } from '@tanstack/react-router';
import {
  activityKinds,
  activitySpans,
  type ActivityKind,
  type ActivitySpan,
} from '../../../src/api/accounts.ts';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { messages } from '../messages.ts';

const t = messages.activity;

/**
 * Which events are listed. The filter is part of the URL, so a reload, a bookmark and the back
 * button keep it.
 */
export interface ActivityFilters {
  kind?: ActivityKind | undefined;
  /** How many days back. */
  days?: ActivitySpan | undefined;
}

export function isFiltered({ kind, days }: ActivityFilters): boolean {
  return kind !== undefined || days !== undefined;
}

export function ActivityFilterBar({ filters }: { filters: ActivityFilters }) {
  const navigate = useNavigate();
  const look = (at: ActivityFilters) =>
    void navigate({ to: '/activity', search: at, resetScroll: false });
  return (
    <div className="fc-filters" role="search" aria-label={t.filters}>
      <Field label={t.kind}>
        {(wiring) => (
          <Select
            {...wiring}
            value={filters.kind ?? ''}
            onChange={({ target }) =>
              look({ ...filters, kind: activityKinds.find((kind) => kind === target.value) })
            }
          >
            <option value="">{t.anyKind}</option>
            {activityKinds.map((kind) => (
              <option key={kind} value={kind}>
                {t.kinds[kind]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t.span}>
        {(wiring) => (
          <Select
            {...wiring}
            value={filters.days ?? ''}
            onChange={({ target }) =>
              look({ ...filters, days: activitySpans.find((days) => `${days}` === target.value) })
            }
          >
            <option value="">{t.anySpan}</option>
            {activitySpans.map((days) => (
              <option key={days} value={days}>
                {t.lastDays(days)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
