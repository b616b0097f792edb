/**
 * The events of one call as the caller iterates, one at a time or all that are at hand. One promise for what the network
 * brought together; nothing else is allocated while the answer flows.
 * However it ends (end, cut, abort, or the caller's `break`), the call is metered and paid once, and the upstream call
 * is stopped before the caller is told.
 */
import { asMyriadError, type ModelEvent, type MyriadError } from '@myriad/contracts';
import type { CallMoney } from '../accounts/call-money.ts';
import { type CachedAnswer, isWhole } from '../cache/exact-cache.ts';
import { type Attempt, asUpstreamFailure } from './attempt.ts';
import { type Cancel, callerWentAway } from './cancel.ts';
import type { LookedAlike } from './look-alike.ts';
import { type OpenedCall, openCall } from './open-call.ts';
import type { Parts, RunAccount } from './parts.ts';
import type { CallSpec } from './route-call.ts';

type Result = IteratorResult<ModelEvent>;
type BatchResult = IteratorResult<readonly ModelEvent[]>;

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

export interface CallStreamSpec {
  readonly parts: Parts;
  readonly run: RunAccount;
  readonly call: CallSpec;
  readonly cancel: Cancel;
  readonly signal: AbortSignal;
  /** Called once each: when the call begins, and when it needs the run no more. */
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

export class CallStream implements AsyncIterableIterator<ModelEvent> {
  readonly #spec: CallStreamSpec;
  #state: 'new' | 'opening' | 'live' | 'ended' = 'new';
  /** Events at hand: a cached answer, or the opening of a live one. */
  #buffer: readonly ModelEvent[] = [];
  #at = 0;
  #attempt: Attempt | null = null;
  #money: CallMoney | null = null;
  #upstream: AsyncIterator<readonly ModelEvent[]> | null = null;
  #kept: ModelEvent[] | null = null;
  #cacheKey: string | null = null;
  #looked: LookedAlike | null = null;
  #resolve: (() => void) | null = null;
  #reject: ((error: unknown) => void) | null = null;
  #failure: MyriadError | null = null;
  readonly #onSignal: () => void;

  constructor(spec: CallStreamSpec) {
    this.#spec = spec;
    this.#onSignal = () => spec.cancel.fire(callerWentAway());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    if (this.#at >= this.#buffer.length) return this.#more().then(() => this.#one());
    return Promise.resolve(this.#one());
  }

  #one(): Result {
    const value = this.#buffer[this.#at];
    if (value === undefined) return done;
    this.#at += 1;
    return { done: false, value };
  }

  /** The same events in groups: all that are at hand. */
  batches(): AsyncIterableIterator<readonly ModelEvent[]> {
    const batches: AsyncIterableIterator<readonly ModelEvent[]> = {
      [Symbol.asyncIterator]: () => batches,
      next: () => {
        if (this.#at >= this.#buffer.length) return this.#more().then(() => this.#all());
        return Promise.resolve(this.#all());
      },
      return: async () => {
        await this.return();
        return done;
      },
    };
    return batches;
  }

  #all(): BatchResult {
    if (this.#at >= this.#buffer.length) return done;
    const value = this.#at === 0 ? this.#buffer : this.#buffer.slice(this.#at);
    this.#at = this.#buffer.length;
    return { done: false, value };
  }

  /** Resolves when there are events at hand, or none will come. */
  #more(): Promise<void> {
    if (this.#state === 'live') return this.#pull();
    if (this.#state === 'new') return this.#open();
    return this.#failure ? Promise.reject(this.#failure) : Promise.resolve();
  }

  /** The caller stops reading: the same as going away. */
  return(): Promise<IteratorReturnResult<undefined>> {
    if (this.#state === 'new') this.#state = 'ended';
    else if (this.#state !== 'ended') this.#spec.cancel.fire(callerWentAway());
    this.#buffer = [];
    this.#at = 0;
    this.#failure = null;
    return Promise.resolve(done);
  }

  async #open(): Promise<void> {
    const { parts, run, call, cancel, signal, onStart } = this.#spec;
    this.#state = 'opening';
    onStart();
    if (signal.aborted) this.#onSignal();
    else signal.addEventListener('abort', this.#onSignal, { once: true });
    try {
      cancel.throwIfCancelled();
      this.#takeOver(await openCall(parts, run, call, cancel));
    } catch (error) {
      this.#failure = asMyriadError(error);
      this.#close();
      throw error;
    }
    // Cancelled while the opened call was handed over: no hook heard it.
    if (cancel.reason) this.#finish(cancel.reason);
    else cancel.onCancel(this.#onCancel);
    if (this.#at >= this.#buffer.length) return this.#more();
  }

  #takeOver(opened: OpenedCall): void {
    this.#state = 'live';
    if (opened.kind === 'cached') {
      this.#buffer = opened.answer.events;
      this.#finish(null);
      return;
    }
    const { attempt } = opened;
    this.#attempt = attempt;
    this.#money = opened.money;
    this.#buffer = attempt.opening;
    this.#upstream = attempt.iterator;
    this.#cacheKey = opened.cacheKey;
    this.#looked = opened.looked;
    if (opened.cacheKey !== null || opened.looked !== null) this.#kept = [...attempt.opening];
    if (attempt.isComplete) this.#finish(null);
  }

  #pull(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      (this.#upstream as AsyncIterator<readonly ModelEvent[]>).next().then(this.#onResult, this.#onFailure);
    });
  }

  readonly #onResult = (result: BatchResult): void => {
    if (this.#state === 'ended') return;
    const resolve = this.#resolve as () => void;
    if (result.done) this.#finish(null);
    else {
      const attempt = this.#attempt as Attempt;
      for (const event of result.value) attempt.take(event);
      this.#kept?.push(...result.value);
      this.#buffer = result.value;
      this.#at = 0;
    }
    resolve();
  };

  readonly #onFailure = (error: unknown): void => {
    if (this.#state === 'ended') return;
    const failure = asUpstreamFailure(error, this.#spec.cancel.reason !== null);
    const reject = this.#reject as (error: unknown) => void;
    this.#finish(failure);
    reject(failure);
  };

  readonly #onCancel = (reason: MyriadError): void => {
    const reject = this.#reject;
    this.#finish(reason);
    reject?.(reason);
  };

  /** The end of the call, however it came: metered, paid, slot given back. */
  #finish(failure: MyriadError | null): void {
    if (this.#state === 'ended') return;
    const attempt = this.#attempt;
    if (failure) {
      this.#buffer = [];
      this.#at = 0;
      this.#failure = failure;
      attempt?.cancel();
    }
    if (attempt) {
      const cost = attempt.end(failure);
      this.#money?.spend(cost);
      if (failure === null) this.#fillCache(attempt, cost);
    }
    this.#close();
  }

  #close(): void {
    const { signal, onEnd } = this.#spec;
    this.#state = 'ended';
    signal.removeEventListener('abort', this.#onSignal);
    onEnd();
  }

  #fillCache(attempt: Attempt, cost: { readonly micros: number; readonly currency: string } | null): void {
    const { parts, run, call } = this.#spec;
    if (this.#kept === null || !isWhole(this.#kept, call.request.choices ?? 1)) return;
    const { endpoint } = attempt.spec.slot.slots;
    const answer: CachedAnswer = {
      events: this.#kept,
      endpointId: endpoint.id,
      model: endpoint.name,
      generates: endpoint.capabilities.includes('generate'),
      costMicros: cost?.micros ?? null,
      currency: cost?.currency ?? null,
    };
    if (this.#cacheKey !== null) parts.cache.set(this.#cacheKey, answer, run.spec.cache.ttlMs);
    this.#looked?.keep(answer);
  }
}
