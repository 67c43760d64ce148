import { useQuery } from '@tanstack/react-query';
import { DayBars } from '../../ui/day-bars.tsx';
import { activityDaysQuery } from '../queries.ts';

/** The last 30 days at a glance. It only adds to the list below it: where it cannot be had, there is none. */
export function ActivityStrip() {
  const days = useQuery(activityDaysQuery);
  return days.data ? <DayBars days={days.data} /> : null;
}
