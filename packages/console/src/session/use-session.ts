import type { SessionAnswer } from '@myriad/contracts';
import { MyriadError } from '@myriad/sdk';
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { keepCsrf, myriad } from '../api/client.ts';
import { followNodeLanguage } from '../words/language.ts';

export type May = SessionAnswer['may'][number];

const sessionKey = ['session'] as const;

/** Who reads, and what they may open. */
export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    staleTime: 60_000,
    retry: (count, error) => count < 2 && !(error instanceof MyriadError && !error.class.retryable),
    queryFn: async ({ signal }) => keep(await myriad.call('GET /api/session', { signal })),
  });
}

/** The signed-in reader's session; only below the frame, which renders pages for nobody else. */
export function useReader() {
  const { data } = useSession();
  if (!data?.person) throw new Error('A page for readers was rendered without one.');
  return { ...data, person: data.person };
}

/** Takes over a new session: what was kept of the one before is dropped. */
export function useTakeSession() {
  const queries = useQueryClient();
  return (session: SessionAnswer) => takeSession(queries, session);
}

export function takeSession(queries: QueryClient, session: SessionAnswer): void {
  const before = queries.getQueryData<SessionAnswer>(sessionKey);
  if (before?.person?.id !== session.person?.id)
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
  queries.setQueryData(sessionKey, keep(session));
}

export async function refreshSession(queries: QueryClient): Promise<void> {
  await queries.invalidateQueries({ queryKey: sessionKey });
}

function keep(session: SessionAnswer): SessionAnswer {
  keepCsrf(session.csrf);
  followNodeLanguage(session.node.language);
  return session;
}
