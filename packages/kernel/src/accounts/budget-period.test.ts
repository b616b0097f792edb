import { expect, test } from 'vitest';
import { createPeriods } from './budget-period.ts';

const at = (text: string) => Date.parse(text);

test('[K14] a day begins at local midnight, also on the days that summer time makes 23 and 25 hours long', () => {
  const berlin = createPeriods('Europe/Berlin');
  const spring = berlin('day', at('2026-03-29T12:00:00Z'));
  expect(spring).toEqual({ start: at('2026-03-28T23:00:00Z'), end: at('2026-03-29T22:00:00Z') });
  const autumn = berlin('day', at('2026-10-25T00:30:00Z'));
  expect(autumn).toEqual({ start: at('2026-10-24T22:00:00Z'), end: at('2026-10-25T23:00:00Z') });
});

test('[K14] where the clock jumps over midnight the day begins with the jump', () => {
  // Beirut, 2026-03-29: 00:00 becomes 01:00 (EET UTC+2 to EEST UTC+3).
  const beirut = createPeriods('Asia/Beirut');
  expect(beirut('day', at('2026-03-29T09:00:00Z')).start).toBe(at('2026-03-28T22:00:00Z'));
});

test('[K14] weeks begin on Monday, months on the first, hours on the local hour, total never ends', () => {
  const shanghai = createPeriods('Asia/Shanghai');
  const now = at('2026-02-28T17:20:00Z');
  expect(shanghai('week', now).start).toBe(at('2026-02-22T16:00:00Z'));
  expect(shanghai('month', now)).toEqual({ start: at('2026-02-28T16:00:00Z'), end: at('2026-03-31T16:00:00Z') });
  expect(shanghai('hour', now)).toEqual({ start: at('2026-02-28T17:00:00Z'), end: at('2026-02-28T18:00:00Z') });
  expect(createPeriods('Asia/Kolkata')('hour', now).start).toBe(at('2026-02-28T16:30:00Z'));
  expect(shanghai('total', now)).toEqual({ start: 0, end: Number.POSITIVE_INFINITY });
});

test('[K14] periods tile time without gap or overlap over a year of hours in zones with odd rules', () => {
  for (const zone of ['America/New_York', 'Africa/Casablanca', 'Pacific/Chatham', 'Asia/Beirut', 'America/Santiago']) {
    const periodAt = createPeriods(zone);
    for (const kind of ['day', 'week', 'month'] as const) {
      let end: number | null = null;
      for (let time = at('2026-01-01T00:00:00Z'); time < at('2027-01-01T00:00:00Z'); time += 6 * 3_600_000) {
        const period = periodAt(kind, time);
        expect(period.start).toBeLessThanOrEqual(time);
        expect(period.end).toBeGreaterThan(time);
        if (end !== null && period.end !== end) expect(period.start).toBe(end);
        end = period.end;
      }
    }
  }
});
