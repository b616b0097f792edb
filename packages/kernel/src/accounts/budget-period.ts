/**
 * Budget periods begin at the owner's local hour, midnight, Monday or first of the month, across changes of summer time.
 */
import type { Budget } from '@myriad/contracts';

/** UTC milliseconds: [start, end). */
export interface Period {
  readonly start: number;
  readonly end: number;
}

export type PeriodAt = (kind: Budget['period'], now: number) => Period;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * @param timeZone IANA name.
 * @returns A function that remembers the current period of each kind, so asking is cheap on the run path.
 * @throws RangeError when the zone is unknown.
 */
export function createPeriods(timeZone: string): PeriodAt {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  /** Local wall clock at a moment, written as if it were UTC. */
  const wallClock = (time: number): number => {
    const field: Record<string, number> = {};
    for (const part of format.formatToParts(time)) field[part.type] = Number(part.value);
    const whole = Date.UTC(
      field.year as number,
      (field.month as number) - 1,
      field.day,
      field.hour,
      field.minute,
      field.second,
    );
    return whole + (((time % 1_000) + 1_000) % 1_000);
  };
  const offsetAt = (time: number): number => wallClock(time) - time;

  /** First moment of the local day whose midnight is written as UTC. */
  const momentOfMidnight = (midnight: number): number => {
    const before = offsetAt(midnight - dayMs);
    const after = offsetAt(midnight + dayMs);
    const fitting = [midnight - before, midnight - after].filter((moment) => wallClock(moment) === midnight);
    if (fitting.length > 0) return Math.min(...fitting);
    // The clock jumps over midnight: the day begins with the jump.
    let low = midnight - dayMs - before;
    let high = midnight + dayMs - after;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (wallClock(middle) >= midnight) high = middle;
      else low = middle;
    }
    return high;
  };

  const compute = (kind: Budget['period'], now: number): Period => {
    if (kind === 'total') return { start: 0, end: Number.POSITIVE_INFINITY };
    const local = wallClock(now);
    if (kind === 'hour') {
      const start = now - (((local % hourMs) + hourMs) % hourMs);
      return { start, end: start + hourMs };
    }
    const midnight = Math.floor(local / dayMs) * dayMs;
    if (kind === 'day') return { start: momentOfMidnight(midnight), end: momentOfMidnight(midnight + dayMs) };
    if (kind === 'week') {
      const monday = midnight - ((new Date(midnight).getUTCDay() + 6) % 7) * dayMs;
      return { start: momentOfMidnight(monday), end: momentOfMidnight(monday + 7 * dayMs) };
    }
    const date = new Date(midnight);
    const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    return { start: momentOfMidnight(first), end: momentOfMidnight(next) };
  };

  const current = new Map<Budget['period'], Period>();
  return (kind, now) => {
    const known = current.get(kind);
    if (known && now >= known.start && now < known.end) return known;
    const period = compute(kind, now);
    current.set(kind, period);
    return period;
  };
}
