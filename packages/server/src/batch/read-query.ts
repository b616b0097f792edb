/** Pages and lives as OpenAI's clients name them. */
import { bad } from '../http/checks.ts';

const largestPage = 500;
const shortestLifeSeconds = 3_600;
const longestLifeSeconds = 2_592_000;

/** `limit` and `after`. A page is at most 500 long, whatever was asked up to `most`; `has_more` says so. */
export function pageAfter(query: URLSearchParams, most: number): { readonly limit: number; readonly after?: string } {
  const limit = Number(query.get('limit') ?? Math.min(most, largestPage));
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw bad('limit', `Expected a whole number from 1 to ${most}.`);
  const after = query.get('after');
  return { limit: Math.min(limit, largestPage), ...(after ? { after } : {}) };
}

/** `expires_after`: milliseconds from a file's making, or null for no end. */
export function readLife(
  { anchor, seconds }: { readonly anchor?: unknown; readonly seconds?: unknown },
  param: string,
): number | null {
  if (anchor === undefined && seconds === undefined) return null;
  if (anchor !== 'created_at') throw bad(`${param}.anchor`, 'Expected created_at.');
  const life = Number(seconds);
  if (!Number.isInteger(life) || life < shortestLifeSeconds || life > longestLifeSeconds)
    throw bad(`${param}.seconds`, `Expected a whole number from ${shortestLifeSeconds} to ${longestLifeSeconds}.`);
  return life * 1000;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const longestWindowMs = 14 * 86_400_000;

/** `completion_window`, such as `24h`, `30m` or `7d`, in milliseconds. */
export function readWindow(value: unknown): number {
  const match = typeof value === 'string' ? /^([1-9]\d{0,4})([mhd])$/.exec(value) : null;
  const windowMs = match ? Number(match[1]) * (units[match[2] as string] as number) : Number.NaN;
  if (!(windowMs <= longestWindowMs)) throw bad('completion_window', 'Expected 24h, or another from 1m to 14d.');
  return windowMs;
}
