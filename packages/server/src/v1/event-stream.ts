/** Writes server-sent events with back-pressure: a slow reader slows the run, not the node's memory. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Clock } from '@myriad/contracts';

export interface EventStream {
  /** One frame, with an `event:` line when it has a name. Waits only when the socket is full. */
  send(data: string, name?: string): Promise<void> | undefined;
  /** Whole frames, each ended by its blank line. */
  sendFrames(frames: string): Promise<void> | undefined;
  end(): void;
  readonly opened: boolean;
}

const keepAliveMs = 15_000;

/** Headers go out with the first frame, so that an error before it can still have its own status. */
export function createEventStream(
  response: ServerResponse,
  clock: Pick<Clock, 'after'>,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): EventStream {
  let opened = false;
  let cancelPing = () => {};
  const ping = () => {
    cancelPing = clock.after(keepAliveMs, () => {
      if (response.writableEnded || response.destroyed) return;
      response.write(': keep-alive\n\n');
      ping();
    });
  };
  const open = () => {
    opened = true;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
      ...headers,
    });
    ping();
  };
  const write = (text: string) => {
    if (!opened) open();
    if (response.destroyed || response.write(text)) return undefined;
    return once(response, 'drain', { signal }).then(
      () => {},
      () => {},
    );
  };
  return {
    get opened() {
      return opened;
    },
    send: (data, name) => write(name === undefined ? `data: ${data}\n\n` : `event: ${name}\ndata: ${data}\n\n`),
    sendFrames: (frames) => write(frames),
    end() {
      cancelPing();
      if (!opened) open();
      response.end();
    },
  };
}
