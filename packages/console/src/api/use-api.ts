import type { ApiAnswer, ApiRoute, Page } from '@myriad/contracts';
import type { CallInput, RouteParams, RouteQuery } from '@myriad/sdk';
import {
  type QueryClient,
  type UseQueryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { myriad } from './client.ts';

type GetRoute = Extract<ApiRoute, `GET ${string}`>;
type PagedRoute = { [R in GetRoute]: ApiAnswer<R> extends Page<unknown> ? R : never }[GetRoute];
type ItemOf<R extends PagedRoute> = ApiAnswer<R> extends Page<infer T> ? T : never;

export interface ReadInput<R extends ApiRoute> {
  readonly params?: RouteParams<R>;
  readonly query?: RouteQuery<R>;
}

/** Key under which a route's answer is kept. `keyOf('GET /api/apps')` also names all its filtered forms. */
export function keyOf<R extends ApiRoute>(route: R, input?: ReadInput<R>): readonly unknown[] {
  return input === undefined ? [route] : [route, input.params ?? {}, input.query ?? {}];
}

function callRoute<R extends ApiRoute>(route: R, input: ReadInput<R>, signal?: AbortSignal): Promise<ApiAnswer<R>> {
  const call = myriad.call as (route: R, input: CallInput<R>) => Promise<ApiAnswer<R>>;
  return call(route, { ...input, ...(signal ? { signal } : {}) } as unknown as CallInput<R>);
}

/** Reads a route and keeps the answer. */
export function useApi<R extends GetRoute>(
  route: R,
  input: ReadInput<R> = {},
  options: Partial<
    Pick<UseQueryOptions<ApiAnswer<R>>, 'enabled' | 'refetchInterval' | 'staleTime' | 'placeholderData' | 'retry'>
  > = {},
) {
  return useQuery<ApiAnswer<R>>({
    queryKey: keyOf(route, input),
    queryFn: ({ signal }) => callRoute(route, input, signal),
    ...options,
  });
}

/** Reads a list by cursor; `items` grows as `fetchNextPage` is called. */
export function usePages<R extends PagedRoute>(
  route: R,
  input: ReadInput<R> = {},
  options: { readonly refetchInterval?: number; readonly enabled?: boolean } = {},
) {
  const result = useInfiniteQuery({
    queryKey: [...keyOf(route, input), 'pages'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...input.query, ...(pageParam === null ? {} : { cursor: pageParam }) } as RouteQuery<R>;
      return callRoute(route, { ...input, query }, signal);
    },
    getNextPageParam: (last) => (last as Page<unknown>).nextCursor,
    ...options,
  });
  const items = (result.data?.pages ?? []).flatMap((page) => (page as Page<unknown>).items) as ItemOf<R>[];
  return { ...result, items };
}

/** A change. `refresh` names the routes whose kept answers it makes stale. */
export function useSend<R extends ApiRoute>(route: R, refresh: readonly ApiRoute[] = []) {
  const queries = useQueryClient();
  const call = myriad.call as (route: R, input: CallInput<R>) => Promise<ApiAnswer<R>>;
  return useMutation({
    mutationFn: (input: CallInput<R>) => call(route, input),
    onSuccess: () => refreshRoutes(queries, refresh),
  });
}

export async function refreshRoutes(queries: QueryClient, routes: readonly ApiRoute[]): Promise<void> {
  await Promise.all(routes.map((route) => queries.invalidateQueries({ queryKey: [route] })));
}
