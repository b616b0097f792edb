import { expect, test } from 'vitest';
import { readEvents, type ServerEvent } from './read-events.ts';

async function read(...chunks: (string | Uint8Array)[]): Promise<ServerEvent[]> {
  async function* body() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
  }
  const events: ServerEvent[] = [];
  for await (const event of readEvents(body())) events.push(event);
  return events;
}

test('several data lines join with a line feed, and comments are skipped', async () => {
  expect(await read(': hi\nid: 7\nevent: x\ndata: a\ndata: b\n\n')).toEqual([{ id: '7', event: 'x', data: 'a\nb' }]);
});

test('a CRLF cut between two chunks is one line end', async () => {
  expect(await read('data: a\r', '\n\r', '\ndata: b\r\n\r\n')).toMatchObject([{ data: 'a' }, { data: 'b' }]);
});

test('a character cut between two chunks is whole again', async () => {
  const bytes = new TextEncoder().encode('data: 万象\n\n');
  expect(await read(bytes.slice(0, 8), bytes.slice(8))).toMatchObject([{ data: '万象' }]);
});

test('an event without its blank line at the end is dropped', async () => {
  expect(await read('data: a\n\ndata: b\n')).toMatchObject([{ data: 'a' }]);
});
