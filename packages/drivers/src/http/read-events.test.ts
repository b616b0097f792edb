import { expect, test } from 'vitest';
import { readEvents, type ServerEvent } from './read-events.ts';

async function eventsIn(pieces: readonly Uint8Array[]): Promise<readonly ServerEvent[]> {
  async function* body() {
    yield* pieces;
  }
  const events: ServerEvent[] = [];
  for await (const event of readEvents(body())) events.push(event);
  return events;
}

const stream =
  '\uFEFF: a comment\n\nevent: ping\ndata: {}\r\n\r\n:\rdata: 第一行\rdata: second line 🙂\r\rid: 7\nretry: 10\nunknown: x\n' +
  'data:no space\n\nevent: empty\n\ndata\n\ndata: last, without its blank line';
const read = [
  { name: 'ping', data: '{}' },
  { name: undefined, data: '第一行\nsecond line 🙂' },
  { name: undefined, data: 'no space' },
  { name: undefined, data: '' },
  { name: undefined, data: 'last, without its blank line', unfinished: true },
];

test('comments, pings, CR, LF, CRLF, multi-line data, unknown fields and a missing last line are read at every cut', async () => {
  const bytes = Buffer.from(stream);
  expect(await eventsIn([bytes])).toEqual(read);
  for (let at = 1; at < bytes.length; at += 1)
    expect(await eventsIn([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(read);
  expect(await eventsIn([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(read);
});

test('one line of 8 MB in small pieces is read in linear time', async () => {
  const line = Buffer.from(`data: ${'x'.repeat(8 << 20)}\n\n`);
  const pieces = Array.from({ length: Math.ceil(line.length / 4096) }, (_, index) =>
    line.subarray(index * 4096, (index + 1) * 4096),
  );
  const from = performance.now();
  const [event] = await eventsIn(pieces);
  expect(event?.data).toHaveLength(8 << 20);
  expect(performance.now() - from).toBeLessThan(2000);
});

test('an event longer than the limit is upstream_protocol instead of memory without end', async () => {
  const piece = Buffer.from('x'.repeat(1 << 20));
  const pieces = [Buffer.from('data: '), ...Array.from({ length: 65 }, () => piece)];
  await expect(eventsIn(pieces)).rejects.toMatchObject({ code: 'upstream_protocol' });
});
