import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { buttonClass } from '../../ui/button-class.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import {
  ActivityFilterBar,
  isFiltered,
  type ActivityFilters,
} from '../activity/activity-filters.tsx';
import { ActivityStrip } from '../activity/activity-strip.tsx';
import { EventList } from '../activity/event-list.tsx';
import { NotMe } from '../devices/not-me.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { activityQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';

const t = messages.activity;
const route = getRouteApi('/activity');

export function ActivityScreen() {
  const filters = route.useSearch();
  return (
    <Page title={t.title} lead={<p className="fc-muted">{t.lead}</p>}>
      <ActivityStrip />
      <NotMe />
      <ActivityFilterBar filters={filters} />
      <Events key={`${filters.kind} ${filters.days}`} filters={filters} />
    </Page>
  );
}

function Events({ filters }: { filters: ActivityFilters }) {
  const activity = useInfiniteQuery(activityQuery(filters));
  const events = activity.data?.pages.flatMap(({ items }) => items);
  const [landing, setLanding] = useState<number>();

  function loadMore() {
    setLanding(events?.length);
    void activity.fetchNextPage();
  }

  return (
    <>
      {activity.isPending && (
        <p className="fc-muted" role="status">
          {t.loading}
        </p>
      )}
      {events?.length === 0 && !activity.error && <None filters={filters} />}
      {events !== undefined && events.length > 0 && <EventList events={events} landing={landing} />}
      {activity.error && (
        <ProblemCallout error={activity.error}>
          <Button onPress={events === undefined ? () => void activity.refetch() : loadMore}>
            {messages.tryAgain}
          </Button>
        </ProblemCallout>
      )}
      {activity.hasNextPage && !activity.error && (
        <Button busy={activity.isFetchingNextPage ? t.loadingMore : undefined} onPress={loadMore}>
          {t.more}
        </Button>
      )}
    </>
  );
}

/** Names the filter if it is the reason that the list is empty. */
function None({ filters }: { filters: ActivityFilters }) {
  if (!isFiltered(filters)) return <EmptyState title={t.noneTitle}>{t.none}</EmptyState>;
  const clear = (
    <Link to="/activity" className={buttonClass('plain')}>
      {t.clear}
    </Link>
  );
  const { kind, days } = filters;
  const lookedFor = [
    kind === undefined ? t.anyKind : t.kinds[kind],
    days === undefined ? t.anySpan : t.lastDays(days),
  ].join(', ');
  return (
    <EmptyState title={t.noneFound} way={clear}>
      {t.lookedFor(lookedFor)}
    </EmptyState>
  );
}
