import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isProblem, isTemporary } from '../client/problem.ts';
import { whenReachable } from '../client/reachable.ts';

/** Retries only what can succeed later; an answer of the server is final. */
function mayPass(failures: number, error: Error): boolean {
  return failures < 2 && isTemporary(error);
}

/**
 * `onSignedOut` is called for every answer that says that the session has ended. What could not be
 * loaded because the server did not answer is loaded again when it does.
 */
export function makeQueryClient({ onSignedOut }: { onSignedOut: () => void }): QueryClient {
  const onError = (error: Error) => {
    if (isProblem(error, 'not-signed-in')) onSignedOut();
  };
  let isWaiting = false;
  const loadAgain = () => {
    isWaiting = false;
    void client.refetchQueries({
      type: 'active',
      predicate: ({ state }) => isTemporary(state.error),
    });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError(error) {
        onError(error);
        if (isWaiting || !isTemporary(error)) return;
        isWaiting = true;
        whenReachable(loadAgain);
      },
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: mayPass, retryDelay: 500, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
