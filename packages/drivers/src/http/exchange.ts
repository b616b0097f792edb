/** One request on the wire: limits, cancelling and back-pressure between undici's callbacks and an async iterator. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Clock, MyriadError } from '@myriad/contracts';
import type { Dispatcher } from 'undici';
import type { HttpCall } from './http.ts';
import { limitFailure, transportFailure } from './transport-failure.ts';

/** Bytes held for a slow reader before the socket is paused. */
const highWaterBytes = 1 << 20;
const lowWaterBytes = 1 << 18;

const never = Number.POSITIVE_INFINITY;
/** A timer may fire a little before its time. */
const timerSlackMs = 1;
const Phase = { connect: 0, firstToken: 1, gap: 2, total: 3 } as const;
type Phase = (typeof Phase)[keyof typeof Phase];
const phases: readonly Phase[] = [Phase.connect, Phase.firstToken, Phase.gap, Phase.total];
const phaseNames = ['connect', 'first token', 'chunk gap', 'total'] as const;

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
  /** When each limit passes, and how long it was. */
  readonly #dueAt: [number, number, number, number] = [never, never, never, never];
  readonly #limits: [number, number, number, number] = [0, 0, 0, 0];
  #timerAt = never;
  #stopTimer: (() => void) | null = null;
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
    this.#limit(Phase.connect, timeouts.connectMs);
    this.#limit(Phase.total, timeouts.totalMs);
    if (call.awaitsToken) this.#limit(Phase.firstToken, timeouts.firstTokenMs);
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  sawToken(): void {
    this.#clear(Phase.firstToken);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#clear(Phase.connect);
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
    this.#limit(Phase.gap, this.#call.options.timeouts.chunkGapMs);
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
      this.#limit(Phase.connect, this.#call.options.timeouts.connectMs);
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

  #limit(phase: Phase, limitMs: number): void {
    this.#limits[phase] = limitMs;
    this.#dueAt[phase] = this.#clock.monotonicMs() + limitMs;
    this.#arm();
  }

  /** Off; a timer that was set for it looks again when it fires. */
  #clear(phase: Phase): void {
    this.#dueAt[phase] = never;
  }

  /** One timer for all limits, at the first that may pass. A byte moves the gap's end without touching it. */
  #arm(): void {
    const first = Math.min(this.#dueAt[0], this.#dueAt[1], this.#dueAt[2], this.#dueAt[3]);
    if (first >= this.#timerAt || this.#failure || this.#ended) return;
    this.#stopTimer?.();
    this.#timerAt = first;
    this.#stopTimer = this.#clock.after(Math.max(0, first - this.#clock.monotonicMs()), this.#onTimer);
  }

  readonly #onTimer = (): void => {
    this.#stopTimer = null;
    this.#timerAt = never;
    const now = this.#clock.monotonicMs();
    const gap = this.#call.options.timeouts.chunkGapMs;
    if (this.#started) this.#dueAt[Phase.gap] = (this.#controller?.paused ? now : this.#lastByteAt) + gap;
    const passed = phases.find((phase) => this.#dueAt[phase] - now <= timerSlackMs);
    if (passed === undefined) this.#arm();
    else this.fail(limitFailure(phaseNames[passed], this.#limits[passed]));
  };

  #settle(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
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
