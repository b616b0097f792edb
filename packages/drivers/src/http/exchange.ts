/** One request on the wire: limits, cancelling and back-pressure between undici's callbacks and an async iterator. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Clock, MyriadError } from '@myriad/contracts';
import type { Dispatcher } from 'undici';
import type { HttpCall } from './http.ts';
import { limitFailure, transportFailure } from './transport-failure.ts';

/** Bytes held for a slow reader before the socket is paused. */
const highWaterBytes = 1 << 20;
const lowWaterBytes = 1 << 18;

/** How many requests one connection has carried; set by the pool, read to tell a stale socket from a broken server. */
export interface ConnectionUse {
  served: number;
}

export interface Head {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export class Exchange implements Dispatcher.DispatchHandler, AsyncIterableIterator<Uint8Array> {
  /** Resolves with status and headers; rejects when the call fails before them. */
  readonly head: Promise<Head>;
  use: ConnectionUse | null = null;
  readonly #clock: Clock;
  readonly #call: HttpCall;
  readonly #resend: () => void;
  readonly #chunks: Uint8Array[] = [];
  readonly #timers = new Map<'connect' | 'first token' | 'chunk gap' | 'total', () => void>();
  #controller: Dispatcher.DispatchController | null = null;
  #resolveHead!: (head: Head) => void;
  #rejectHead!: (error: MyriadError) => void;
  #wake: (() => void) | null = null;
  #queuedBytes = 0;
  #lastByteAt = 0;
  #started = false;
  #ended = false;
  #reusedSocket = false;
  #resent = false;
  #failure: MyriadError | null = null;

  /** @param resend Sends the same request once more on a fresh connection. */
  constructor(call: HttpCall, clock: Clock, resend: () => void) {
    this.#call = call;
    this.#clock = clock;
    this.#resend = resend;
    this.head = new Promise((resolve, reject) => {
      this.#resolveHead = resolve;
      this.#rejectHead = reject;
    });
    this.head.catch(() => undefined);
    const { timeouts, signal } = call.options;
    this.#limit('connect', timeouts.connectMs);
    this.#limit('total', timeouts.totalMs);
    if (call.awaitsToken) this.#limit('first token', timeouts.firstTokenMs);
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  sawToken(): void {
    this.#clear('first token');
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#clear('connect');
    if (this.use) {
      this.#reusedSocket = this.use.served > 0;
      this.use.served += 1;
    }
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#started = true;
    this.#lastByteAt = this.#clock.monotonicMs();
    this.#watchGap(this.#call.options.timeouts.chunkGapMs);
    this.#resolveHead({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#lastByteAt = this.#clock.monotonicMs();
    this.#chunks.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#queuedBytes > highWaterBytes) controller.pause();
    this.#signalReader();
  }

  onResponseEnd(): void {
    this.#ended = true;
    this.#settle();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#failure) return;
    if (!this.#started && this.#reusedSocket && !this.#resent && isClosedSocket(error)) {
      this.#resent = true;
      this.use = null;
      this.#controller = null;
      this.#limit('connect', this.#call.options.timeouts.connectMs);
      this.#resend();
      return;
    }
    this.fail(transportFailure(error, this.#started));
  }

  /** Ends the call with this error, closing its connection; later calls change nothing. */
  fail(failure: MyriadError): void {
    if (this.#failure || this.#ended) return;
    this.#failure = failure;
    this.#settle();
    this.#rejectHead(failure);
    this.#controller?.abort(failure);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk) {
        this.#queuedBytes -= chunk.length;
        if (this.#controller?.paused && this.#queuedBytes < lowWaterBytes) {
          this.#lastByteAt = this.#clock.monotonicMs();
          this.#controller.resume();
        }
        return { done: false, value: chunk };
      }
      if (this.#failure) throw this.#failure;
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.fail(new MyriadError('aborted', 'The reader left before the end of the answer.'));
    return { done: true, value: undefined };
  }

  readonly #onAbort = (): void => {
    this.fail(new MyriadError('aborted', 'The caller went away.'));
  };

  #limit(phase: 'connect' | 'first token' | 'total', limitMs: number): void {
    this.#clear(phase);
    this.#timers.set(
      phase,
      this.#clock.after(limitMs, () => this.fail(limitFailure(phase, limitMs))),
    );
  }

  /** One timer for all gaps: it looks at the time of the last byte when it fires, so a chunk costs no timer. */
  #watchGap(waitMs: number): void {
    const { chunkGapMs } = this.#call.options.timeouts;
    this.#timers.set(
      'chunk gap',
      this.#clock.after(waitMs, () => {
        const leftMs = chunkGapMs - (this.#clock.monotonicMs() - this.#lastByteAt);
        if (this.#controller?.paused) this.#watchGap(chunkGapMs);
        else if (leftMs > 0.5) this.#watchGap(leftMs);
        else this.fail(limitFailure('chunk gap', chunkGapMs));
      }),
    );
  }

  #clear(phase: 'connect' | 'first token' | 'chunk gap' | 'total'): void {
    this.#timers.get(phase)?.();
    this.#timers.delete(phase);
  }

  #settle(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#call.options.signal.removeEventListener('abort', this.#onAbort);
    this.#signalReader();
  }

  #signalReader(): void {
    this.#wake?.();
    this.#wake = null;
  }
}

/** The peer closed the connection: between two requests this is ordinary, and no byte of ours was answered. */
function isClosedSocket(error: Error): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
