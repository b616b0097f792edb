import { expect, test } from 'vitest';
import { readCsvEvents } from './csv-events.ts';

const options =
  (given: Readonly<Record<string, string>> = {}) =>
  (name: string) =>
    given[name];

test('columns by name, quoted texts, and the line of each row', () => {
  const { events, lines } = readCsvEvents(
    '\ufeffOrder;who;amount;paid\n7;"a;b";2.5;2026-11-01T00:00:00Z\n8;c;;1793491200000\n',
    options({ kpi: 'orders', idColumn: 'Order', unitColumn: 'who', valueColumn: 'amount', timeColumn: 'paid' }),
  );
  expect(events).toEqual([
    { id: '7', kpi: 'orders', unit: 'a;b', value: 2.5, time: '2026-11-01T00:00:00Z' },
    { id: '8', kpi: 'orders', unit: 'c', value: '', time: 1_793_491_200_000 },
  ]);
  expect(lines).toEqual([2, 3]);
});

test('without ids the same file gives the same ids, and two equal rows are two', () => {
  const text = 'kpi,unit,value,time\nsales,u,1,2026-11-01\nsales,u,1,2026-11-01\nsales,u,2,2026-11-01\n';
  const ids = () => readCsvEvents(text, options()).events.map((event) => (event as { id: string }).id);
  expect(ids()).toEqual(ids());
  expect(new Set(ids()).size).toBe(3);
});

test('a column that is not there is named, with those that are', () => {
  expect(() => readCsvEvents('kpi,unit,value\nsales,u,1\n', options())).toThrow(
    'no column "time"; it has kpi, unit, value',
  );
});
