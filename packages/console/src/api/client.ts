import type { SessionAnswer } from '@myriad/contracts';
import { createMyriad, isProblem } from '@myriad/sdk';

let csrfToken: string | null = null;

/** Kept in memory only; comes with every answer about the session. */
export function keepCsrf(token: string): void {
  csrfToken = token;
}

/**
 * Sends a request; when the node no longer knows the token (it was restarted, or the session was renewed elsewhere), asks
 * for the new one and sends the request once more.
 */
async function fetchWithToken(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.status !== 403 || init?.method === 'GET') return response;
  const problem: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  if (!isProblem(problem) || problem.code !== 'csrf_rejected') return response;
  const csrf = await renewToken();
  if (csrf === null) return response;
  return fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), 'x-myriad-csrf': csrf } });
}

/** Asks for the session's token again; null when there is no other. */
export async function renewToken(): Promise<string | null> {
  const session = await fetch('/api/session', { credentials: 'same-origin' });
  if (!session.ok) return null;
  const { csrf } = (await session.json()) as SessionAnswer;
  if (csrf === csrfToken) return null;
  keepCsrf(csrf);
  return csrf;
}

/** The console's one client: same origin, the session's cookie, the csrf token of the session. */
export const myriad = createMyriad({ csrf: () => csrfToken, fetch: fetchWithToken });
