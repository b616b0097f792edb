/**
 * Picks one endpoint among those able to serve and free: operator's preference first, then what the need optimizes, then
 * the power of two choices over peak-EWMA load (Mitzenmacher 2001; Finagle), where the first choice is the endpoint that
 * the call's prefix belongs to, so that provider-side prompt caches are hit.
 */
import { convertMoney, costOf, type ExchangeRates, type ModelNeed, type Random } from '@myriad/contracts';
import type { EndpointSlots } from '../scheduler/endpoint-slots.ts';

export interface ChoiceInput {
  readonly need: ModelNeed;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What the call's prompt begins with, as a name: the conversation, or the app's version. */
  readonly affinity: string;
  readonly now: number;
}

export interface Choice {
  readonly slots: EndpointSlots;
  /** In words. */
  readonly because: string;
}

/** The prefix's own endpoint is kept while its load is at most this many times that of the other. */
const affinitySlack = 1.5;
/** Scores within this ratio of the best count as equal, and load decides; times vary more than prices. */
const alike: Readonly<Record<ModelNeed['optimize'], number>> = { cost: 1.1, quality: 1.1, speed: 1.5, balanced: 1.25 };
/** Differences under a millisecond say nothing. What is not known yet counts as fast, so that it becomes known. */
const leastFirstTokenMs = 1;

function expectedCost(slots: EndpointSlots, input: ChoiceInput, exchange: ExchangeRates): number {
  const cost = costOf(
    {
      inputTokens: input.inputTokens,
      outputTokens: input.outputTokens,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      source: 'estimated',
    },
    slots.endpoint.price,
  );
  if (!cost) return 0;
  return convertMoney(cost, exchange.base, exchange)?.micros ?? cost.micros;
}

function expectedMs(slots: EndpointSlots, input: ChoiceInput): number {
  return firstTokenMs(slots, input.now) + (slots.health.perTokenMs ?? 0) * input.outputTokens;
}

/** Lower is better. Quality has no measure yet but what people pay: a higher price, absent an operator's preference. */
function score(slots: EndpointSlots, input: ChoiceInput, exchange: ExchangeRates): number {
  const cost = expectedCost(slots, input, exchange);
  switch (input.need.optimize) {
    case 'cost':
      return cost;
    case 'quality':
      return 1 / (1 + cost);
    case 'speed':
      return expectedMs(slots, input);
    case 'balanced':
      return Math.sqrt((1 + cost) * expectedMs(slots, input));
  }
}

function firstTokenMs(slots: EndpointSlots, now: number): number {
  return Math.max(leastFirstTokenMs, slots.health.firstTokenMs(now) ?? 0);
}

function load(slots: EndpointSlots, now: number): number {
  return firstTokenMs(slots, now) * (slots.inFlight + 1);
}

/** FNV-1a over both names: a stable rank of endpoints for a prefix (rendezvous hashing). */
function rank(affinity: string, id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < affinity.length; at += 1) hash = Math.imul(hash ^ affinity.charCodeAt(at), 0x01000193);
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}

const scoreWords: Readonly<Record<ModelNeed['optimize'], string>> = {
  cost: 'lowest cost',
  quality: 'highest price class',
  speed: 'fastest',
  balanced: 'best balance of cost and speed',
};

/** @param free At least one endpoint; not kept. */
export function chooseEndpoint(
  free: readonly EndpointSlots[],
  input: ChoiceInput,
  random: Pick<Random, 'next'>,
  exchange: ExchangeRates,
): Choice {
  const only = free[0] as EndpointSlots;
  if (free.length === 1) return { slots: only, because: 'the only endpoint free' };
  let highest = Number.NEGATIVE_INFINITY;
  for (const slots of free) highest = Math.max(highest, slots.endpoint.preference);
  const preferred = free.filter((slots) => slots.endpoint.preference === highest);
  if (preferred.length === 1)
    return {
      slots: preferred[0] as EndpointSlots,
      because: `the operator's preference over ${free.length - 1} others`,
    };

  const scores = preferred.map((slots) => score(slots, input, exchange));
  const best = Math.min(...scores);
  const equals = preferred.filter((_, at) => (scores[at] as number) <= best * alike[input.need.optimize]);
  if (equals.length === 1)
    return {
      slots: equals[0] as EndpointSlots,
      because: `${scoreWords[input.need.optimize]} of ${preferred.length} endpoints free`,
    };

  let home = equals[0] as EndpointSlots;
  let homeRank = -1;
  for (const slots of equals) {
    const own = rank(input.affinity, slots.endpoint.id);
    if (own > homeRank) {
      home = slots;
      homeRank = own;
    }
  }
  const others = equals.filter((slots) => slots !== home);
  const other = others[Math.floor(random.next() * others.length)] as EndpointSlots;
  if (load(home, input.now) <= affinitySlack * load(other, input.now))
    return { slots: home, because: `keeps this prompt's prefix at one of ${equals.length} equal endpoints` };
  return { slots: other, because: `less loaded than the prefix's own among ${equals.length} equal endpoints` };
}

/** The endpoint that would serve if all were free and idle: highest preference, then the best score. */
export function firstChoice(
  able: readonly EndpointSlots[],
  input: ChoiceInput,
  exchange: ExchangeRates,
): EndpointSlots {
  let best = able[0] as EndpointSlots;
  let bestScore = score(best, input, exchange);
  for (const slots of able) {
    const own = score(slots, input, exchange);
    const gap = slots.endpoint.preference - best.endpoint.preference;
    if (gap < 0 || (gap === 0 && own >= bestScore)) continue;
    best = slots;
    bestScore = own;
  }
  return best;
}
