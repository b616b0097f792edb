import type { DatabaseThread } from './database-thread-client.ts';

/** How long a thread that is asked only now and then stays: each costs some 25 MB of memory. */
const idleMs = 5_000;

/** A thread started at the first request and ended when nobody has asked it for a while; started again when needed. */
export function idleThread(start: () => DatabaseThread): DatabaseThread {
  let thread: DatabaseThread | null = null;
  let asking = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const end = async (): Promise<void> => {
    clearTimeout(timer);
    const ending = thread;
    thread = null;
    await ending?.stop();
  };
  return {
    async ask(request) {
      clearTimeout(timer);
      thread ??= start();
      asking += 1;
      try {
        return await thread.ask(request);
      } finally {
        asking -= 1;
        if (asking === 0 && thread) {
          timer = setTimeout(() => void end(), idleMs);
          timer.unref();
        }
      }
    },
    stop: end,
  };
}
