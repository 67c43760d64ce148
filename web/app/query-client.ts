import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem, isProblem } from '../client/problem.ts';

/** Retries only what can succeed later; an answer of the server is final. */
function mayPass(failures: number, error: Error): boolean {
  return (
    failures < 2 &&
    error instanceof ApiProblem &&
    (error.kind === 'unreachable' || error.kind === 'unavailable')
  );
}

/** `onSignedOut` is called for every answer that says that the session has ended. */
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
