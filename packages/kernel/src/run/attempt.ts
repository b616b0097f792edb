/** One try of one call at one endpoint: opened, metered, ended exactly once. */
import {
  asMyriadError,
  type ChatRequest,
  costOf,
  type ModelCallRecord,
  type ModelEvent,
  type Money,
  MyriadError,
  newId,
} from '@myriad/contracts';
import type { CallPlan } from '../accounts/plan-call.ts';
import type { InputEstimate } from '../meter/estimate-tokens.ts';
import { type CallEnd, CallMeter } from '../meter/meter-call.ts';
import { isRefusal, isUnhealthy } from '../routing/retry-policy.ts';
import type { Slot } from '../scheduler/slot-scheduler.ts';
import type { Parts, RunAccount } from './parts.ts';

export interface AttemptSpec {
  readonly plan: CallPlan;
  readonly slot: Slot;
  readonly input: InputEstimate;
  readonly number: number;
  readonly queuedMs: number;
  readonly because: string;
}

export class Attempt {
  readonly spec: AttemptSpec;
  readonly controller = new AbortController();
  readonly meter: CallMeter;
  /** Events read before the caller was given any: `start`, and the first that carries the answer. */
  readonly opening: ModelEvent[] = [];
  /** The stream ended within `opening`. */
  isComplete = false;
  iterator: AsyncIterator<readonly ModelEvent[]> | null = null;
  /** Stops the alarm set for a driver that heeds no time-out. */
  stopWatch: (() => void) | null = null;
  readonly #id: string;
  readonly #parts: Parts;
  readonly #run: RunAccount;
  readonly #startedAt: number;
  readonly #startedMs: number;
  #firstTokenMs: number | null = null;
  #cost: Money | null = null;
  #ended = false;

  constructor(parts: Parts, run: RunAccount, spec: AttemptSpec) {
    this.#parts = parts;
    this.#run = run;
    this.spec = spec;
    this.meter = new CallMeter({ input: spec.input, outputBoundTokens: spec.plan.outputBoundTokens });
    this.#id = newId('call', parts.clock, parts.random);
    this.#startedAt = parts.clock.now();
    this.#startedMs = parts.clock.monotonicMs();
  }

  get firstTokenMs(): number | null {
    return this.#firstTokenMs;
  }

  /**
   * Reads until the answer begins, so that whatever fails before can still be tried elsewhere.
   *
   * @throws MyriadError as the driver says.
   */
  async open(request: ChatRequest, stream: boolean, timeouts: Parts['rules']['timeouts']): Promise<void> {
    const { slots } = this.spec.slot;
    const connection = await this.#parts.endpoints.connect(slots.endpoint.id);
    if (this.#ended) throw new MyriadError('aborted', 'The attempt was given up.');
    const limit = this.spec.plan.maxOutputTokens;
    const sent =
      limit === undefined || limit === request.maxOutputTokens ? request : { ...request, maxOutputTokens: limit };
    const { runId, priority } = this.#run.spec;
    const record = { runId, callId: this.#id };
    const options = { signal: this.controller.signal, stream, timeouts, priority, record };
    const iterator = connection.chatBatches
      ? connection.chatBatches(sent, options)[Symbol.asyncIterator]()
      : oneByOne(connection.chat(sent, options));
    this.iterator = iterator;
    for (;;) {
      const result = await iterator.next();
      if (this.#ended) return;
      if (result.done) {
        this.isComplete = true;
        return;
      }
      for (const event of result.value) {
        this.opening.push(event);
        this.take(event);
      }
      if (this.meter.hasContent || this.meter.hasFinish) return;
    }
  }

  /** Counts one event; called for each in order. */
  take(event: ModelEvent): void {
    this.meter.take(event);
    if (this.#firstTokenMs === null && this.meter.hasContent) {
      this.#firstTokenMs = this.#parts.clock.monotonicMs() - this.#startedMs;
      this.#run.firstTokenAt ??= this.#parts.clock.now();
    }
  }

  /** Stops the upstream call now, whatever it waits for. */
  cancel(): void {
    this.controller.abort();
    const returned = this.iterator?.return?.();
    returned?.catch(() => {});
  }

  /**
   * Meters, records, gives the slot back and tells the endpoint's health. Only the first call does anything.
   *
   * @param ending Why it ended early; null when it ended well.
   * @param billInput Charge the input although nothing came, as for the loser of a hedge.
   * @returns What it cost; null when the endpoint is unpriced.
   */
  end(ending: MyriadError | null, billInput = false): Money | null {
    if (this.#ended) return this.#cost;
    this.#ended = true;
    this.stopWatch?.();
    // Who leaves after the answer finished missed nothing of it.
    const failure = ending?.code === 'aborted' && this.meter.hasFinish ? null : ending;
    const { plan, slot, number, queuedMs, because, input } = this.spec;
    const { slots } = slot;
    const { clock } = this.#parts;
    const totalMs = clock.monotonicMs() - this.#startedMs;
    const aborted = failure?.code === 'aborted';
    let end: CallEnd = 'ok';
    if (failure) end = aborted ? 'aborted' : this.meter.hasContent ? 'cut' : 'failed';
    const metered = this.meter.finish(end);
    let { usage } = metered;
    if (aborted && this.#parts.rules.abortPolicy === 'full' && plan.maxOutputTokens !== undefined)
      usage = {
        ...usage,
        inputTokens: Math.max(usage.inputTokens, input.tokens),
        outputTokens: plan.outputBoundTokens,
        source: 'estimated',
      };
    if (billInput && usage.inputTokens === 0) usage = { ...usage, inputTokens: input.tokens, source: 'estimated' };
    this.#cost = costOf(usage, slots.endpoint.price, this.#run.spec.priceRatio);
    this.#run.calls.push({
      id: this.#id,
      endpointId: slots.endpoint.id,
      model: slots.endpoint.name,
      because: metered.doubt ? `${because}; usage estimated: ${metered.doubt}` : because,
      attempt: number,
      startedAt: this.#startedAt,
      queuedMs,
      firstTokenMs: this.#firstTokenMs,
      totalMs,
      usage,
      cost: this.#cost,
      cached: false,
      status: recordStatus(failure),
      errorCode: failure?.code ?? null,
    });
    this.#parts.limits.correctTokens(this.#run.spec, usage.inputTokens + usage.outputTokens);
    this.#tellHealth(failure, usage.outputTokens, totalMs);
    this.#parts.scheduler.release(slot, usage.inputTokens, usage.outputTokens);
    return this.#cost;
  }

  #tellHealth(failure: MyriadError | null, outputTokens: number, totalMs: number): void {
    const { slots, grantedAt } = this.spec.slot;
    const now = this.#parts.clock.now();
    if (this.#firstTokenMs !== null) slots.health.onFirstToken(this.#firstTokenMs, now);
    if (failure === null) {
      const streamedMs = this.#firstTokenMs === null ? 0 : totalMs - this.#firstTokenMs;
      const perTokenMs = outputTokens >= 8 && streamedMs > 0 ? streamedMs / (outputTokens - 1) : null;
      if (perTokenMs !== null) slots.health.onPerToken(perTokenMs);
      slots.health.onSuccess(now);
      slots.limit.onSuccess(grantedAt, { firstTokenMs: this.#firstTokenMs, perTokenMs }, slots.inFlight, now);
      return;
    }
    if (isRefusal(failure)) {
      slots.limit.onRefused(grantedAt, slots.inFlight, now);
      if (failure.retryAfterMs !== undefined)
        slots.blockedUntil = Math.max(slots.blockedUntil, now + failure.retryAfterMs);
      return;
    }
    if (isUnhealthy(failure)) slots.health.onFailure(now);
    // A refusal of the request itself shows that the server is alive.
    else if (failure.class.kind === 'upstream') slots.health.onSuccess(now);
  }
}

/** A driver that gives single events, as one that gives groups of one. */
function oneByOne(events: AsyncIterable<ModelEvent>): AsyncIterator<readonly ModelEvent[]> {
  const iterator = events[Symbol.asyncIterator]();
  return {
    async next() {
      const result = await iterator.next();
      return result.done ? { done: true, value: undefined } : { done: false, value: [result.value] };
    },
    async return() {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
  };
}

function recordStatus(failure: MyriadError | null): ModelCallRecord['status'] {
  if (failure === null) return 'ok';
  if (failure.code === 'aborted') return 'aborted';
  return failure.code === 'content_filtered' ? 'refused' : 'error';
}

/** A driver's failure as ours; an abort that we did not ask for is the upstream's cut. */
export function asUpstreamFailure(error: unknown, cancelled: boolean): MyriadError {
  const failure = asMyriadError(error);
  if (failure.code !== 'aborted' || cancelled) return failure;
  return new MyriadError('upstream_cut', 'The model server ended the call.', { cause: error });
}
