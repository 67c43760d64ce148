import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ActivityStrip } from '../activity-strip.tsx';
import { EventList } from '../event-list.tsx';
import { NotMe } from '../not-me.tsx';
import { Page } from '../page.tsx';
import { ProblemCallout } from '../problem-callout.tsx';
import { activityQuery } from '../queries.ts';
import { words } from '../words.ts';

const say = words.activity;

export function ActivityScreen() {
  const activity = useInfiniteQuery(activityQuery);
  const events = activity.data?.pages.flatMap(({ items }) => items);
  const [landing, setLanding] = useState<number>();

  function loadMore() {
    setLanding(events?.length);
    void activity.fetchNextPage();
  }

  return (
    <Page title={say.title} lead={<p className="fc-muted">{say.lead}</p>}>
      <ActivityStrip />
      {events?.length !== 0 && <NotMe />}
      {activity.isPending && <p className="fc-muted" role="status">{say.loading}</p>}
      {events?.length === 0 && <EmptyState title={say.noneTitle}>{say.none}</EmptyState>}
      {events !== undefined && events.length > 0 && <EventList events={events} landing={landing} />}
      {activity.error && <ProblemCallout error={activity.error}><Button onPress={events === undefined ? () => void activity.refetch() : loadMore}>{words.tryAgain}</Button></ProblemCallout>}
      {activity.hasNextPage && !activity.error && (
        <Button busy={activity.isFetchingNextPage ? say.loadingMore : undefined} onPress={loadMore}>{say.more}</Button>
      )}
    </Page>
  );
}
