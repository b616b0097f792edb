/** Events of one live answer, numbered, kept while anybody may still want them, and followed by any number of readers. */
import type { AppEvent } from '@myriad/contracts';

export interface NumberedEvent {
  readonly sequence: number;
  readonly event: AppEvent;
}

export interface EventLog {
  append(event: AppEvent): void;
  end(): void;
  readonly ended: boolean;
  /** Events after a sequence number (0 = all), then live ones until the end or the signal. */
  follow(after: number, signal: AbortSignal): AsyncGenerator<NumberedEvent>;
}

export function createEventLog(): EventLog {
  const events: NumberedEvent[] = [];
  const waiting = new Set<() => void>();
  let ended = false;
  const wake = () => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  return {
    append(event) {
      events.push({ sequence: events.length + 1, event });
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    get ended() {
      return ended;
    },
    async *follow(after, signal) {
      let next = Math.max(0, after);
      while (!signal.aborted) {
        for (; next < events.length; next += 1) yield events[next] as NumberedEvent;
        if (ended) return;
        await new Promise<void>((resolve) => {
          const done = () => {
            waiting.delete(done);
            signal.removeEventListener('abort', done);
            resolve();
          };
          waiting.add(done);
          signal.addEventListener('abort', done, { once: true });
        });
      }
    },
  };
}
