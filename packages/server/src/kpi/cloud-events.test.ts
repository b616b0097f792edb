import { expect, test } from 'vitest';
import { checkEvent } from './check-event.ts';
import { readEvents } from './read-events.ts';

const now = Date.UTC(2026, 10, 24);
const event = {
  specversion: '1.0',
  id: '7',
  source: '/shop/1',
  type: 'com.example.refund_cycle_hours',
  subject: 'user-1',
  time: '2026-11-23T00:00:00Z',
  datacontenttype: 'application/json',
  data: { value: 3.5 },
};
const taken = {
  id: '/shop/1#7',
  kpi: 'refund_cycle_hours',
  unit: 'user-1',
  value: 3.5,
  time: Date.UTC(2026, 10, 23),
};
const read = (type: string, body: unknown, headers: Record<string, string> = {}) => {
  const { values, single } = readEvents({ 'content-type': type, ...headers }, Buffer.from(JSON.stringify(body)));
  return { single, checked: values.map((value) => checkEvent(value, now)) };
};

test('one event comes structured, in a batch, or with its attributes as headers, and is the same event', () => {
  expect(read('application/cloudevents+json; charset=utf-8', event)).toEqual({ single: true, checked: [taken] });
  const base64 = Buffer.from(JSON.stringify(event.data)).toString('base64');
  const packed = { ...event, data: undefined, data_base64: base64 };
  expect(read('application/cloudevents-batch+json', [event, packed]).checked).toEqual([taken, taken]);
  const headers = {
    ...{ 'ce-specversion': '1.0', 'ce-id': '7', 'ce-source': '%2Fshop%2F1', 'ce-subject': 'user-1' },
    ...{ 'ce-type': event.type, 'ce-time': event.time },
  };
  expect(read('application/json', event.data, headers)).toEqual({ single: true, checked: [taken] });
});

test('what data says of KPI and unit stands before type and subject', () => {
  const data = { kpi: 'orders', unit: 'shop-9', value: 1 };
  expect(read('application/cloudevents+json', { ...event, data }).checked).toMatchObject([
    { kpi: 'orders', unit: 'shop-9' },
  ]);
});

test('the same id of another source is another event, and a correction names an event of its own source', () => {
  const data = { corrects: '7', value: 0 };
  expect(
    read('application/cloudevents-batch+json', [
      { ...event, source: '/b' },
      { ...event, id: '8', data },
    ]).checked,
  ).toEqual([
    { ...taken, id: '/b#7' },
    { id: '/shop/1#8', corrects: '/shop/1#7', value: 0 },
  ]);
});

test.each([
  [{ ...event, specversion: '0.3' }, 'invalid_cloudevent'],
  [{ ...event, source: undefined }, 'invalid_cloudevent'],
  [{ ...event, datacontenttype: 'text/xml' }, 'invalid_cloudevent'],
  [{ ...event, data: 'x' }, 'invalid_cloudevent'],
  [{ ...event, time: undefined }, 'invalid_time'],
  [{ ...event, subject: undefined }, 'invalid_unit'],
  ['no object', 'invalid_event'],
])('%j is refused as %s', (body, code) => {
  expect(read('application/cloudevents+json', body).checked).toMatchObject([{ code }]);
});

test('a format other than JSON is refused as a whole', () => {
  expect(() => read('application/cloudevents+avro', event)).toThrow(/come as JSON/);
  expect(() => read('application/cloudevents-batch+json', event)).toThrow(/list of CloudEvents/);
});
