import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { deploymentQuery, sessionQuery } from '../queries.ts';
import { safePath } from '../shell/safe-path.ts';
import { forgetFactorDue } from './factor-due.ts';
import { forgetPending } from './pending-challenge.ts';
import { keepAddress } from './typed-address.ts';

const kept: readonly unknown[] = [deploymentQuery.queryKey[0], sessionQuery.queryKey[0]];

/** What to do once a user is signed in: forget what was known of anybody else, and go where they were going. */
export function useArrive() {
  const router = useRouter();
  const queryClient = useQueryClient();
  return async (wanted: string | null) => {
    forgetPending();
    forgetFactorDue();
    keepAddress('');
    queryClient.removeQueries({ predicate: ({ queryKey }) => !kept.includes(queryKey[0]) });
    // Fetched in place, so that the header hears of it too.
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    const path = safePath(wanted) ?? '/home';
    // Pages that the server renders are no routes of the app.
    if (new URL(path, window.location.origin).pathname in router.routesByPath)
      router.history.push(path);
    else window.location.assign(path);
  };
}
