/** The path of one call until its answer begins: policy → hold → cache → queue → route → driver, with fallback. */
import { type ModelEndpoint, MyriadError, newId, noUsage, type RoutingRule } from '@myriad/contracts';
import type { CallMoney } from '../accounts/call-money.ts';
import { type CallPlan, dropUnpriced, planChat } from '../accounts/plan-call.ts';
import type { CachedAnswer } from '../cache/exact-cache.ts';
import { estimateInput } from '../meter/estimate-tokens.ts';
import { findCandidates, findQuoting } from '../routing/find-candidates.ts';
import { longestRetryWaitMs, mayFallBack, mayRetry, retryDelayMs } from '../routing/retry-policy.ts';
import { allowedBy, levelOf, ruleFor } from '../routing/routing-rules.ts';
import type { EndpointSlots } from '../scheduler/endpoint-slots.ts';
import { Attempt, asUpstreamFailure } from './attempt.ts';
import type { Cancel } from './cancel.ts';
import { holdCall, sleep } from './hold-call.ts';
import { type LookedAlike, lookAlike } from './look-alike.ts';
import type { Parts, RunAccount } from './parts.ts';
import { raceHedge } from './race-hedge.ts';
import { bindingOf, type CallSpec, firstPlan, type RoutedCall, routeCall, servedBy } from './route-call.ts';
import { writeHold } from './write-hold.ts';

export type OpenedCall =
  | { readonly kind: 'cached'; readonly answer: CachedAnswer }
  | {
      readonly kind: 'live';
      readonly attempt: Attempt;
      readonly money: CallMoney;
      readonly cacheKey: string | null;
      readonly looked: LookedAlike | null;
    };

/** Output that a call is expected to have before its app's own is known. */
const expectedOutputTokens = 256;

export async function openCall(parts: Parts, run: RunAccount, call: CallSpec, cancel: Cancel): Promise<OpenedCall> {
  const { spec } = run;
  const { rules } = parts;
  const input = estimateInput(call.request);
  const routed: RoutedCall = {
    need: call.need,
    input,
    expectedOutputTokens: Math.min(call.request.maxOutputTokens ?? expectedOutputTokens, expectedOutputTokens),
  };
  const query = { need: call.need, inputTokens: input.tokens, outputTokens: call.request.maxOutputTokens ?? 0 };
  const endpoints = parts.endpoints.list();
  const candidates = dropUnpriced(findCandidates(endpoints, query), spec.budgets);
  const outputRules = {
    budgets: spec.budgets,
    exchange: parts.exchange,
    defaultMaxOutputTokens: rules.defaultMaxOutputTokens,
    priceRatio: spec.priceRatio,
  };
  const planOf = (endpoint: ModelEndpoint) => planChat(parts.slotsOf(endpoint), input, call.request, outputRules);
  const able = candidates.map(planOf);
  // A pinned model is the caller's word, and stands before the operator's order.
  const rule =
    rules.routing.length === 0 || call.need.model !== undefined
      ? null
      : ruleFor(rules.routing, { spec, request: call.request, inputTokens: input.tokens });
  const plans = rule ? allowedBy(rule, able) : able;
  const mayDowngrade = spec.budgets.some((budget) => budget.onExceed === 'downgrade');
  const quoting = mayDowngrade ? findQuoting(endpoints, query).map(planOf) : [];
  const binding = bindingOf(parts, run);
  const loaded = binding instanceof Promise ? await cancel.race(binding) : binding;
  const preferred = rule ? levelOf(rule, plans, parts.clock.now(), parts.random).plans : plans;
  const first = firstPlan(parts, run, routed, preferred);
  const held = await holdCall(parts, run, routed, loaded, plans, first, cancel, quoting);
  const { money } = held;
  try {
    cancel.throwIfCancelled();
    const cacheKey = spec.cache.exact ? parts.cache.keyOf(spec, call.request, call.need) : null;
    const answer = cacheKey === null ? null : parts.cache.get(cacheKey);
    if (answer) {
      chargeHit(parts, run, answer, money, 'the same request was answered before (exact cache)');
      return { kind: 'cached', answer };
    }
    const looked = spec.cache.semantic ? await lookAlike(parts, run, call, cancel) : null;
    if (looked?.alike) {
      const { answer, likeness } = looked.alike;
      const because = `a question alike was answered before (semantic cache, likeness ${likeness.toFixed(3)})`;
      chargeHit(parts, run, answer, money, because);
      return { kind: 'cached', answer };
    }
    writeHold(parts, run, money.held);
    const attempt = await attemptUntilOpen(parts, run, call, routed, held.plans, money, held.because, cancel, rule);
    return { kind: 'live', ...attempt, cacheKey, looked };
  } catch (error) {
    money.spend(null);
    throw error;
  }
}

/** A hit is billed at its own price: a share, 0 unless configured, of what the answer cost when it was made. */
function chargeHit(parts: Parts, run: RunAccount, answer: CachedAnswer, money: CallMoney, because: string): void {
  const { clock, random, rules } = parts;
  const cost =
    answer.costMicros === null || answer.currency === null
      ? null
      : { micros: Math.ceil(answer.costMicros * rules.cacheHitPriceRatio), currency: answer.currency };
  const billed = rules.cacheHitPriceRatio === 0 ? { micros: 0, currency: parts.exchange.base } : cost;
  run.calls.push({
    id: newId('call', clock, random),
    endpointId: answer.endpointId,
    model: answer.model,
    because,
    attempt: 1,
    startedAt: clock.now(),
    queuedMs: 0,
    firstTokenMs: 0,
    totalMs: 0,
    usage: noUsage,
    cost: billed,
    cached: true,
    status: 'ok',
    errorCode: null,
  });
  run.servedBy = { endpointId: answer.endpointId, model: answer.model, generates: answer.generates };
  run.firstTokenAt ??= clock.now();
  money.spend(billed);
}

/** Drivers keep the time-outs; one that does not is stopped so long after, so that no slot is lost to it. */
const watchGraceMs = 1_000;

function deafDriver(totalMs: number): MyriadError {
  return new MyriadError('upstream_timeout', `The model server took longer than ${totalMs} ms in all.`);
}

interface OpenAttempt {
  readonly attempt: Attempt;
  readonly money: CallMoney;
}

async function attemptUntilOpen(
  parts: Parts,
  run: RunAccount,
  call: CallSpec,
  routed: RoutedCall,
  plans: readonly CallPlan[],
  money: CallMoney,
  budgetWords: string | null,
  cancel: Cancel,
  rule: RoutingRule | null,
): Promise<OpenAttempt> {
  const { clock, random, rules } = parts;
  const story: string[] = budgetWords === null ? [] : [budgetWords];
  const tried = new Set<EndpointSlots>();
  let untried = plans;
  for (let number = 1; ; number += 1) {
    const level = rule ? levelOf(rule, untried, clock.now(), random) : null;
    const { slot, because, queuedMs } = await routeCall(parts, run, routed, level?.plans ?? untried, cancel);
    if (cancel.reason) {
      parts.scheduler.release(slot, 0, 0);
      throw cancel.reason;
    }
    const plan = untried.find((candidate) => candidate.slots === slot.slots) as CallPlan;
    const attempt = new Attempt(parts, run, {
      plan,
      slot,
      input: routed.input,
      number,
      queuedMs,
      because: [...(level ? [level.because] : []), because, ...story].join('; '),
    });
    run.servedBy = servedBy(slot.slots);
    const timeouts = {
      ...rules.timeouts,
      totalMs: Math.min(rules.timeouts.totalMs, Math.max(1, run.deadlineAt - clock.now())),
    };
    attempt.stopWatch = clock.after(timeouts.totalMs + watchGraceMs, () => cancel.fire(deafDriver(timeouts.totalMs)));
    const opening = attempt.open(call.request, call.stream, timeouts);
    try {
      if (rules.hedgeAfterMs === null) {
        await cancel.race(opening);
        return { attempt, money };
      }
      return await raceHedge({ parts, run, call, routed, plans: untried, money, cancel, timeouts }, attempt, opening);
    } catch (error) {
      const failure = asUpstreamFailure(error, cancel.reason !== null);
      attempt.cancel();
      const cost = attempt.end(failure);
      if (cancel.reason || number >= rules.maxAttempts || clock.now() >= run.deadlineAt) {
        money.spend(cost);
        throw failure;
      }
      money.renew(cost);
      tried.add(slot.slots);
      story.push(`${slot.slots.endpoint.name} failed with ${failure.code}`);
      untried = plans.filter((candidate) => !tried.has(candidate.slots));
      if (untried.length > 0 && mayFallBack(failure)) continue;
      if (!mayRetry(failure)) throw failure;
      tried.clear();
      untried = plans;
      const delayMs = retryDelayMs(failure, number, random);
      if (delayMs > Math.min(rules.queueMs, longestRetryWaitMs) || clock.now() + delayMs > run.deadlineAt)
        throw failure;
      await sleep(parts, delayMs, cancel);
    }
  }
}
