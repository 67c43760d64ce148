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
import { words } from '../messages.ts';
import { activityQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';

const say = words.activity;
const route = getRouteApi('/activity');

export function ActivityScreen() {
  const filters = route.useSearch();
  return (
    <Page title={say.title} lead={<p className="fc-muted">{say.lead}</p>}>
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
          {say.loading}
        </p>
      )}
      {events?.length === 0 && <None filters={filters} />}
      {events !== undefined && events.length > 0 && <EventList events={events} landing={landing} />}
      {activity.error && (
        <ProblemCallout error={activity.error}>
          <Button onPress={events === undefined ? () => void activity.refetch() : loadMore}>
            {words.tryAgain}
          </Button>
        </ProblemCallout>
      )}
      {activity.hasNextPage && !activity.error && (
        <Button busy={activity.isFetchingNextPage ? say.loadingMore : undefined} onPress={loadMore}>
          {say.more}
        </Button>
      )}
    </>
  );
}

/** Says what was looked for, where that is why there is nothing. */
function None({ filters }: { filters: ActivityFilters }) {
  if (!isFiltered(filters)) return <EmptyState title={say.noneTitle}>{say.none}</EmptyState>;
  const clear = (
    <Link to="/activity" className={buttonClass('plain')}>
      {say.clear}
    </Link>
  );
  const { kind, days } = filters;
  const lookedFor = [
    kind === undefined ? say.anyKind : say.kinds[kind],
    days === undefined ? say.anySpan : say.lastDays(days),
  ].join(', ');
  return (
    <EmptyState title={say.noneFound} way={clear}>
      {say.lookedFor(lookedFor)}
    </EmptyState>
  );
}
