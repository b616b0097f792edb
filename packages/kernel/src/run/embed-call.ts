/** One embedding call: the same path as a chat, without a stream. */
import {
  costOf,
  type EmbedRequest,
  type EmbedResult,
  type ModelNeed,
  MyriadError,
  newId,
  noUsage,
} from '@myriad/contracts';
import { dropUnpriced, planEmbed } from '../accounts/plan-call.ts';
import { estimateEmbedInput } from '../meter/estimate-tokens.ts';
import { CallMeter } from '../meter/meter-call.ts';
import { findCandidates } from '../routing/find-candidates.ts';
import { isRefusal, isUnhealthy, mayFallBack, mayRetry, retryDelayMs } from '../routing/retry-policy.ts';
import type { EndpointSlots } from '../scheduler/endpoint-slots.ts';
import { asUpstreamFailure } from './attempt.ts';
import type { Cancel } from './cancel.ts';
import { holdCall, sleep } from './hold-call.ts';
import type { Parts, RunAccount } from './parts.ts';
import { bindingOf, firstPlan, type RoutedCall, type RoutedSlot, routeCall, servedBy } from './route-call.ts';
import { writeHold } from './write-hold.ts';

export async function embedCall(
  parts: Parts,
  run: RunAccount,
  request: EmbedRequest,
  wanted: ModelNeed,
  cancel: Cancel,
): Promise<EmbedResult> {
  const { clock, rules } = parts;
  const need: ModelNeed = wanted.capabilities.includes('embed')
    ? wanted
    : { ...wanted, capabilities: [...wanted.capabilities, 'embed'] };
  const input = estimateEmbedInput(request);
  const routed: RoutedCall = { need, input, expectedOutputTokens: 0 };
  const query = { need, inputTokens: 0, outputTokens: 0 };
  const candidates = dropUnpriced(findCandidates(parts.endpoints.list(), query), run.spec.budgets);
  const outputRules = {
    budgets: run.spec.budgets,
    exchange: parts.exchange,
    defaultMaxOutputTokens: 0,
    priceRatio: run.spec.priceRatio,
  };
  const plans = candidates.map((endpoint) => planEmbed(parts.slotsOf(endpoint), input, outputRules));
  const binding = bindingOf(parts, run);
  const loaded = binding instanceof Promise ? await cancel.race(binding) : binding;
  const held = await holdCall(parts, run, routed, loaded, plans, firstPlan(parts, run, routed, plans), cancel);
  const { money } = held;
  try {
    writeHold(parts, run, money.held);
    const tried = new Set<EndpointSlots>();
    let untried = held.plans;
    for (let number = 1; ; number += 1) {
      const route = await routeCall(parts, run, routed, untried, cancel);
      const { slots } = route.slot;
      run.servedBy = servedBy(slots);
      const outcome = await tryEmbed(parts, run, request, routed, route, number, cancel);
      if ('result' in outcome) {
        money.spend(outcome.cost);
        return outcome.result;
      }
      const { failure } = outcome;
      if (cancel.reason || number >= rules.maxAttempts || clock.now() >= run.deadlineAt) throw failure;
      tried.add(slots);
      untried = held.plans.filter((plan) => !tried.has(plan.slots));
      if (untried.length > 0 && mayFallBack(failure)) continue;
      if (!mayRetry(failure)) throw failure;
      tried.clear();
      untried = held.plans;
      await sleep(parts, Math.min(rules.queueMs, retryDelayMs(failure, number, parts.random)), cancel);
    }
  } catch (error) {
    money.spend(null);
    throw error;
  }
}

type EmbedOutcome =
  | { readonly result: EmbedResult; readonly cost: ReturnType<typeof costOf> }
  | { readonly failure: MyriadError };

async function tryEmbed(
  parts: Parts,
  run: RunAccount,
  request: EmbedRequest,
  { input }: RoutedCall,
  { slot, because, queuedMs }: RoutedSlot,
  number: number,
  cancel: Cancel,
): Promise<EmbedOutcome> {
  const { clock, random, rules } = parts;
  const { slots } = slot;
  const { endpoint } = slots;
  const controller = new AbortController();
  const forget = cancel.onCancel(() => controller.abort());
  const id = newId('call', clock, random);
  const startedAt = clock.now();
  const startedMs = clock.monotonicMs();
  const meter = new CallMeter({ input, outputBoundTokens: 0 });
  let result: EmbedResult | null = null;
  let failure: MyriadError | null = null;
  try {
    const connection = await cancel.race(parts.endpoints.connect(endpoint.id));
    if (!connection.embed) throw new MyriadError('unsupported', `${endpoint.name} offers no embeddings.`);
    result = await cancel.race(
      connection.embed(request, {
        signal: controller.signal,
        stream: false,
        timeouts: rules.timeouts,
        record: { runId: run.spec.runId, callId: id },
      }),
    );
    meter.take({ type: 'usage', usage: result.usage, provisional: false });
  } catch (error) {
    failure = asUpstreamFailure(error, cancel.reason !== null);
  }
  forget();
  const metered = failure ? { usage: noUsage, doubt: null } : meter.finish('ok');
  const cost = costOf(metered.usage, endpoint.price, run.spec.priceRatio);
  run.calls.push({
    id,
    endpointId: endpoint.id,
    model: endpoint.name,
    because: metered.doubt ? `${because}; usage estimated: ${metered.doubt}` : because,
    attempt: number,
    startedAt,
    queuedMs,
    firstTokenMs: null,
    totalMs: clock.monotonicMs() - startedMs,
    usage: metered.usage,
    cost,
    cached: false,
    status: failure === null ? 'ok' : failure.code === 'aborted' ? 'aborted' : 'error',
    errorCode: failure?.code ?? null,
  });
  parts.limits.correctTokens(run.spec, metered.usage.inputTokens);
  const now = clock.now();
  if (failure === null) slots.health.onSuccess(now);
  else if (isRefusal(failure)) {
    slots.limit.onRefused(slot.grantedAt, slots.inFlight, now);
    if (failure.retryAfterMs !== undefined)
      slots.blockedUntil = Math.max(slots.blockedUntil, now + failure.retryAfterMs);
  } else if (isUnhealthy(failure)) slots.health.onFailure(now);
  parts.scheduler.release(slot, metered.usage.inputTokens, 0);
  return failure || !result ? { failure: failure as MyriadError } : { result, cost };
}
