import { MyriadError } from '@myriad/sdk';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

/**
 * The store of kept answers. A refusal is not asked again, a fault that may pass is, twice. When the session is over the
 * question of who reads is asked again, which shows the sign-in page.
 */
export function createQueries(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof MyriadError && error.code === 'unauthenticated') {
      void queries.invalidateQueries({ queryKey: ['session'] });
    }
  };
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < 2 && !(error instanceof MyriadError && !error.class.retryable),
      },
    },
  });
  return queries;
}
