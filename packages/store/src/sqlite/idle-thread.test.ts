import { afterEach, expect, test, vi } from 'vitest';
import { idleThread } from './idle-thread.ts';

afterEach(() => {
  vi.useRealTimers();
});

function fakeThreads() {
  const log: string[] = [];
  const start = () => {
    log.push('start');
    return {
      ask: async () => ({ kind: 'done' }) as const,
      stop: async () => {
        log.push('stop');
      },
    };
  };
  return { log, start };
}

test('a thread starts at the first request, ends when idle, and starts again when needed', async () => {
  vi.useFakeTimers();
  const { log, start } = fakeThreads();
  const thread = idleThread(start);
  expect(log).toEqual([]);
  await Promise.all([thread.ask({ kind: 'commit' }), thread.ask({ kind: 'commit' })]);
  await vi.advanceTimersByTimeAsync(4_000);
  await thread.ask({ kind: 'commit' });
  await vi.advanceTimersByTimeAsync(4_999);
  expect(log).toEqual(['start']);
  await vi.advanceTimersByTimeAsync(2);
  expect(log).toEqual(['start', 'stop']);
  await thread.ask({ kind: 'commit' });
  await thread.stop();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(log).toEqual(['start', 'stop', 'start', 'stop']);
});
