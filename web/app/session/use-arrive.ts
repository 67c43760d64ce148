import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { deploymentQuery, sessionQuery } from '../queries.ts';
import { safePath } from '../shell/safe-path.ts';
import { forgetFactorDue } from './factor-due.ts';
import { forgetPending } from './pending-challenge.ts';
import { keepAddress } from './typed-address.ts';

const kept: readonly unknown[] = [deploymentQuery.queryKey[0], sessionQuery.queryKey[0]];

/**
 * Completes a sign-in in the app: removes the data of a previous user, and goes to the page that
 * was requested, or to the home page.
 */
export function useArrive() {
  const router = useRouter();
  const queryClient = useQueryClient();
  return async (wanted: string | null) => {
    forgetPending();
    forgetFactorDue();
    keepAddress('');
    queryClient.removeQueries({ predicate: ({ queryKey }) => !kept.includes(queryKey[0]) });
    // Not removed but replaced, so that the header updates, too.
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    const path = safePath(wanted) ?? '/home';
    // Pages that the server renders are no routes of the app.
    if (new URL(path, window.location.origin).pathname in router.routesByPath)
      router.history.push(path);
    else window.location.assign(path);
  };
}
