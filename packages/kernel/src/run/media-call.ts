/** One call of images or speech: the same path as a chat; its answer passes through and is measured as it goes by. */
import {
  type MediaAnswer,
  type MediaRequest,
  type ModelEndpoint,
  type ModelNeed,
  type Money,
  MyriadError,
  mediaCostOf,
  mediaUsageAtMost,
  newId,
  noUsage,
} from '@myriad/contracts';
import { spreadOver } from '../accounts/budget-book.ts';
import type { CallMoney } from '../accounts/call-money.ts';
import { type CallPlan, dropUnpriced } from '../accounts/plan-call.ts';
import type { InputEstimate } from '../meter/estimate-tokens.ts';
import { findCandidates } from '../routing/find-candidates.ts';
import { isRefusal, isUnhealthy, mayFallBack, mayRetry, retryDelayMs } from '../routing/retry-policy.ts';
import type { EndpointSlots } from '../scheduler/endpoint-slots.ts';
import { asUpstreamFailure } from './attempt.ts';
import type { Cancel } from './cancel.ts';
import { holdCall, sleep } from './hold-call.ts';
import type { Parts, RunAccount } from './parts.ts';
import { bindingOf, firstPlan, type RoutedCall, type RoutedSlot, routeCall, servedBy } from './route-call.ts';
import { writeHold } from './write-hold.ts';

/** @param onEnd Called once, when the answer's body ended, or the call failed before it. */
export async function mediaCall(
  parts: Parts,
  run: RunAccount,
  request: MediaRequest,
  wanted: ModelNeed,
  cancel: Cancel,
  onEnd: () => void,
): Promise<MediaAnswer> {
  let money: CallMoney | null = null;
  try {
    cancel.throwIfCancelled();
    const need: ModelNeed = { ...wanted, capabilities: [request.capability] };
    const input: InputEstimate = {
      tokens: request.most.inputTokens,
      boundTokens: request.most.inputTokens,
      hasMedia: false,
    };
    const routed: RoutedCall = { need, input, expectedOutputTokens: 0 };
    const query = { need, inputTokens: 0, outputTokens: 0 };
    const candidates = dropUnpriced(findCandidates(parts.endpoints.list(), query), run.spec.budgets);
    const plans = candidates.map((endpoint) => planMedia(parts, run, endpoint, request));
    const binding = bindingOf(parts, run);
    const loaded = binding instanceof Promise ? await cancel.race(binding) : binding;
    const held = await holdCall(parts, run, routed, loaded, plans, firstPlan(parts, run, routed, plans), cancel);
    money = held.money;
    writeHold(parts, run, money.held);
    return await attemptUntilOpen(parts, run, request, routed, held.plans, money, cancel, onEnd);
  } catch (error) {
    money?.spend(null);
    onEnd();
    throw error;
  }
}

function planMedia(parts: Parts, run: RunAccount, endpoint: ModelEndpoint, request: MediaRequest): CallPlan {
  const { budgets } = run.spec;
  const worst = mediaCostOf(request.most, mediaUsageAtMost(request.most), endpoint.price);
  return {
    slots: parts.slotsOf(endpoint),
    maxOutputTokens: undefined,
    outputBoundTokens: 0,
    worstMicros: worst ? spreadOver(budgets, worst, parts.exchange) : budgets.map(() => 0),
  };
}

async function attemptUntilOpen(
  parts: Parts,
  run: RunAccount,
  request: MediaRequest,
  routed: RoutedCall,
  plans: readonly CallPlan[],
  money: CallMoney,
  cancel: Cancel,
  onEnd: () => void,
): Promise<MediaAnswer> {
  const { clock, rules } = parts;
  const tried = new Set<EndpointSlots>();
  let untried = plans;
  for (let number = 1; ; number += 1) {
    const route = await routeCall(parts, run, routed, untried, cancel);
    const { slots } = route.slot;
    run.servedBy = servedBy(slots);
    const attempt = new MediaAttempt(parts, run, request, route, number);
    try {
      return await attempt.open(cancel, money, onEnd);
    } catch (error) {
      const failure = asUpstreamFailure(error, cancel.reason !== null);
      attempt.end(failure);
      if (cancel.reason || number >= rules.maxAttempts || clock.now() >= run.deadlineAt) throw failure;
      tried.add(slots);
      untried = plans.filter((plan) => !tried.has(plan.slots));
      if (untried.length > 0 && mayFallBack(failure)) continue;
      if (!mayRetry(failure)) throw failure;
      tried.clear();
      untried = plans;
      await sleep(parts, Math.min(rules.queueMs, retryDelayMs(failure, number, parts.random)), cancel);
    }
  }
}

class MediaAttempt {
  readonly #parts: Parts;
  readonly #run: RunAccount;
  readonly #request: MediaRequest;
  readonly #route: RoutedSlot;
  readonly #number: number;
  readonly #controller = new AbortController();
  readonly #id: string;
  readonly #startedAt: number;
  readonly #startedMs: number;
  #firstMs: number | null = null;
  #tap: ReturnType<MediaRequest['tap']> | null = null;
  #ended = false;

  constructor(parts: Parts, run: RunAccount, request: MediaRequest, route: RoutedSlot, number: number) {
    this.#parts = parts;
    this.#run = run;
    this.#request = request;
    this.#route = route;
    this.#number = number;
    this.#id = newId('call', parts.clock, parts.random);
    this.#startedAt = parts.clock.now();
    this.#startedMs = parts.clock.monotonicMs();
  }

  async open(cancel: Cancel, money: CallMoney, onEnd: () => void): Promise<MediaAnswer> {
    const { endpoint } = this.#route.slot.slots;
    const { endpoints, rules } = this.#parts;
    const forget = cancel.onCancel(() => this.#controller.abort());
    const connection = await cancel.race(endpoints.connect(endpoint.id));
    if (!connection.media)
      throw new MyriadError('unsupported', `${endpoint.name} offers no ${this.#request.capability} here.`);
    const record = { runId: this.#run.spec.runId, callId: this.#id };
    const options = { signal: this.#controller.signal, stream: false, timeouts: rules.timeouts, record };
    const answer = await cancel.race(connection.media(this.#request, options));
    const contentType = answer.headers['content-type'] ?? 'application/octet-stream';
    this.#tap = this.#request.tap(contentType);
    let isClosed = false;
    const close = (failure: MyriadError | null) => {
      if (isClosed) return;
      isClosed = true;
      forget();
      forgetClose();
      money.spend(this.end(failure));
      if (failure) this.#controller.abort();
      onEnd();
    };
    const forgetClose = cancel.onCancel((reason) => close(reason));
    return { contentType, body: this.#pass(answer.body, close) };
  }

  async *#pass(
    body: AsyncIterable<Uint8Array>,
    close: (failure: MyriadError | null) => void,
  ): AsyncGenerator<Uint8Array> {
    const left = new MyriadError('aborted', 'The caller went away.');
    let failure: MyriadError | null = left;
    try {
      for await (const chunk of body) {
        if (this.#firstMs === null) {
          this.#firstMs = this.#parts.clock.monotonicMs() - this.#startedMs;
          this.#run.firstTokenAt ??= this.#parts.clock.now();
        }
        this.#tap?.take(chunk);
        yield chunk;
      }
      failure = null;
    } catch (error) {
      failure = asUpstreamFailure(error, this.#controller.signal.aborted);
      throw failure;
    } finally {
      close(failure);
    }
  }

  /** Measures, records, gives the slot back. Of a call that came to nothing nothing is billed. */
  end(failure: MyriadError | null): Money | null {
    if (this.#ended) return null;
    this.#ended = true;
    const { clock, limits, scheduler } = this.#parts;
    const { slot, because, queuedMs } = this.#route;
    const { slots } = slot;
    const { endpoint } = slots;
    const came = this.#firstMs !== null;
    const measured = came && this.#tap ? this.#tap.end() : null;
    const bounds = measured && !measured.usage ? mediaUsageAtMost({ ...measured.units, inputTokens: 0 }) : noUsage;
    const usage = measured?.usage ?? bounds;
    const cost = measured ? mediaCostOf(measured.units, usage, endpoint.price) : null;
    this.#run.calls.push({
      id: this.#id,
      endpointId: endpoint.id,
      model: endpoint.name,
      because: measured?.doubt ? `${because}; ${measured.doubt}` : because,
      attempt: this.#number,
      startedAt: this.#startedAt,
      queuedMs,
      firstTokenMs: this.#firstMs,
      totalMs: clock.monotonicMs() - this.#startedMs,
      usage: measured?.usage ?? noUsage,
      cost: measured ? cost : { micros: 0, currency: endpoint.price?.currency ?? this.#parts.exchange.base },
      cached: false,
      status: failure === null ? 'ok' : failure.code === 'aborted' ? 'aborted' : 'error',
      errorCode: failure?.code ?? null,
      ...(measured ? { media: measured.units } : {}),
    });
    limits.correctTokens(this.#run.spec, usage.inputTokens);
    const now = clock.now();
    if (failure === null) slots.health.onSuccess(now);
    else if (isRefusal(failure)) {
      slots.limit.onRefused(slot.grantedAt, slots.inFlight, now);
      if (failure.retryAfterMs !== undefined)
        slots.blockedUntil = Math.max(slots.blockedUntil, now + failure.retryAfterMs);
    } else if (isUnhealthy(failure)) slots.health.onFailure(now);
    scheduler.release(slot, usage.inputTokens, 0);
    return cost;
  }
}
