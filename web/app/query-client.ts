import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem, isProblem } from '../client/problem.ts';

/** Tries again only what may pass by itself; what the server has answered stands. */
function mayPass(failures: number, error: Error): boolean {
  return (
    failures < 2 &&
    error instanceof ApiProblem &&
    (error.kind === 'unreachable' || error.kind === 'unavailable')
  );
}

/** `onSignedOut` hears of every answer that says that nobody is signed in, wherever it comes. */
export function makeQueryClient({ onSignedOut }: { onSignedOut: () => void }): QueryClient {
  const onError = (error: Error) => {
    if (isProblem(error, 'not-signed-in')) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: mayPass, retryDelay: 500, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
}
