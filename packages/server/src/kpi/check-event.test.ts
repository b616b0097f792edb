import { expect, test } from 'vitest';
import { checkEvent } from './check-event.ts';

const now = Date.UTC(2026, 10, 24);
const good = { id: 'e1', kpi: 'refund_cycle_hours', unit: 'user-1', value: 3.5, time: now - 1000 };

test('a good event is taken as it is, with its time in milliseconds', () => {
  expect(checkEvent(good, now)).toEqual(good);
  expect(checkEvent({ ...good, time: '2026-11-23T00:00:00Z' }, now)).toMatchObject({ time: Date.UTC(2026, 10, 23) });
});

test.each([
  [{ ...good, id: '' }, 'invalid_id'],
  [{ ...good, id: 7 }, 'invalid_id'],
  [{ ...good, kpi: 'Refund Hours' }, 'invalid_kpi'],
  [{ ...good, unit: '' }, 'invalid_unit'],
  [{ ...good, value: '3' }, 'invalid_value'],
  [{ ...good, value: Number.NaN }, 'invalid_value'],
  [{ ...good, time: 'yesterday' }, 'invalid_time'],
  [{ ...good, time: 12 }, 'time_out_of_range'],
  [{ ...good, time: now + 2 * 86_400_000 }, 'time_out_of_range'],
  [{ ...good, colour: 'red' }, 'unknown_field'],
  [[good], 'invalid_event'],
  [null, 'invalid_event'],
])('%j is refused as %s, with what was expected', (event, code) => {
  expect(checkEvent(event, now)).toMatchObject({ code, detail: expect.stringMatching(/expected|Expected/) });
});

test('a correction has an id, what it corrects and the true value, and nothing else', () => {
  const correction = { id: 'c1', corrects: 'e1', value: 2 };
  expect(checkEvent(correction, now)).toEqual(correction);
  expect(checkEvent({ ...correction, corrects: 'c1' }, now)).toMatchObject({ code: 'invalid_correction' });
  expect(checkEvent({ ...correction, value: null }, now)).toMatchObject({ code: 'invalid_value' });
  expect(checkEvent({ ...correction, unit: 'user-2' }, now)).toMatchObject({ code: 'invalid_correction' });
});

test('a refusal is counted for the KPI that the event names, if that can be a name', () => {
  expect(checkEvent({ ...good, value: 'x' }, now)).toMatchObject({ kpi: 'refund_cycle_hours' });
  expect(checkEvent({ ...good, kpi: 'NO!' }, now)).not.toHaveProperty('kpi');
});
