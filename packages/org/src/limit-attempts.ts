import { type Clock, MyriadError } from '@myriad/contracts';

export interface AttemptLimit {
  /** Counts one attempt under each name. @throws MyriadError `rate_limited` when one of them had too many. */
  take(names: readonly string[]): void;
  /** Forgets a name after success. */
  forget(name: string): void;
}

/**
 * At most `most` attempts per name in a window that begins with the first. Bounded: past `maxNames` the oldest window is
 * dropped, so a flood of made-up names costs no memory.
 */
export function limitAttempts(
  clock: Pick<Clock, 'now'>,
  limits: { readonly most: number; readonly windowMs: number; readonly maxNames?: number },
): AttemptLimit {
  const windows = new Map<string, { readonly beganAt: number; count: number }>();
  const maxNames = limits.maxNames ?? 10_000;
  return {
    take(names) {
      const now = clock.now();
      for (const name of names) {
        const known = windows.get(name);
        const window = known && now - known.beganAt < limits.windowMs ? known : { beganAt: now, count: 0 };
        if (window !== known) {
          windows.delete(name);
          windows.set(name, window);
          if (windows.size > maxNames) windows.delete(windows.keys().next().value as string);
        }
        if (window.count >= limits.most) {
          const retryAfterMs = window.beganAt + limits.windowMs - now;
          throw new MyriadError(
            'rate_limited',
            `Too many attempts: ${limits.most} in ${Math.round(limits.windowMs / 60_000)} minutes. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
            { retryAfterMs },
          );
        }
        window.count += 1;
      }
    },
    forget(name) {
      windows.delete(name);
    },
  };
}
