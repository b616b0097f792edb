import { createMyriad } from '@myriad/sdk';

let csrfToken: string | null = null;

/** Kept in memory only; comes with every answer about the session. */
export function keepCsrf(token: string): void {
  csrfToken = token;
}

/** The console's one client: same origin, the session's cookie, the csrf token of the session. */
export const myriad = createMyriad({ csrf: () => csrfToken });
