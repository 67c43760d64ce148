import { useQuery } from '@tanstack/react-query';
import { DayBars } from '../../ui/day-bars.tsx';
import { activityDaysQuery } from '../queries.ts';

/**
 * An overview of the last 30 days. It only adds to the list below it, so it is omitted when it
 * cannot be loaded.
 */
export function ActivityStrip() {
  const days = useQuery(activityDaysQuery);
  return days.data ? <DayBars days={days.data} /> : null;
}
