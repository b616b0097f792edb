/** What one call may cost at each endpoint that could serve it, and which of them the budgets can carry. */
import {
  type Budget,
  type ChatRequest,
  costOf,
  type ExchangeRates,
  type ModelEndpoint,
  MyriadError,
} from '@myriad/contracts';
import type { InputEstimate } from '../meter/estimate-tokens.ts';
import type { EndpointSlots } from '../scheduler/endpoint-slots.ts';
import { type Account, leftOf, type Shortfall, spreadOver } from './budget-book.ts';

/** One endpoint that could serve the call. */
export interface CallPlan {
  readonly slots: EndpointSlots;
  /** Output limit sent upstream; undefined leaves the request's own. */
  readonly maxOutputTokens: number | undefined;
  readonly outputBoundTokens: number;
  /** Worst case in each budget, aligned with the budgets. */
  readonly worstMicros: readonly number[];
}

export interface OutputRules {
  readonly budgets: readonly Budget[];
  readonly exchange: ExchangeRates;
  readonly defaultMaxOutputTokens: number;
  /** Part of the price that the run pays. */
  readonly priceRatio?: number | undefined;
}

const unknownOutputBound = 1_000_000;

/** Built-in models and servers on this machine cost no money by the token, priced or not. */
export function isLocal(endpoint: ModelEndpoint): boolean {
  if (endpoint.family === 'extract' || endpoint.family === 'fake') return true;
  return /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/i.test(endpoint.baseUrl);
}

/**
 * The endpoint's worst case: the input's bound and the whole output limit, at full price. Under budgets a limit is always
 * sent, so the worst case is one.
 */
export function planChat(
  slots: EndpointSlots,
  input: InputEstimate,
  request: ChatRequest,
  rules: OutputRules,
): CallPlan {
  const { endpoint } = slots;
  const binds = rules.budgets.length > 0 && endpoint.price !== null;
  const thinking = request.reasoning?.budgetTokens ?? 0;
  const ceiling = endpoint.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const wanted = request.maxOutputTokens ?? (binds ? rules.defaultMaxOutputTokens + thinking : null);
  const limit = wanted === null ? null : Math.min(wanted, ceiling);
  const choices = request.choices ?? 1;
  const outputBoundTokens = (limit ?? (Number.isFinite(ceiling) ? ceiling : unknownOutputBound)) * choices;
  return {
    slots,
    maxOutputTokens: limit ?? undefined,
    outputBoundTokens,
    worstMicros: worstMicros(endpoint, input, outputBoundTokens, rules),
  };
}

export function planEmbed(slots: EndpointSlots, input: InputEstimate, rules: OutputRules): CallPlan {
  const worst = worstMicros(slots.endpoint, input, 0, rules);
  return { slots, maxOutputTokens: undefined, outputBoundTokens: 0, worstMicros: worst };
}

function worstMicros(
  endpoint: ModelEndpoint,
  input: InputEstimate,
  outputTokens: number,
  { budgets, exchange, priceRatio }: OutputRules,
): readonly number[] {
  if (budgets.length === 0) return [];
  const bound = input.hasMedia ? input.boundTokens * 4 : input.boundTokens;
  const written = endpoint.price?.cacheWriteMicrosPerMillion ?? 0;
  const dearest = written > (endpoint.price?.inputMicrosPerMillion ?? 0) ? bound : 0;
  const cost = costOf(
    {
      inputTokens: bound,
      outputTokens,
      cachedInputTokens: 0,
      cacheWriteTokens: dearest,
      reasoningTokens: 0,
      source: 'estimated',
    },
    endpoint.price,
    priceRatio,
  );
  return cost ? spreadOver(budgets, cost, exchange) : budgets.map(() => 0);
}

/** Under a budget of money an endpoint of unknown price serves only when it is on this machine. */
export function dropUnpriced(
  candidates: readonly ModelEndpoint[],
  budgets: readonly Budget[],
): readonly ModelEndpoint[] {
  if (budgets.length === 0) return candidates;
  const countable = candidates.filter((endpoint) => endpoint.price !== null || isLocal(endpoint));
  if (countable.length > 0) return countable;
  const names = candidates.map((endpoint) => endpoint.name);
  throw new MyriadError(
    'capability_unavailable',
    `The run has a budget, and the price of ${names.join(', ')} is not known; set a price to use it here.`,
    { facts: { unpriced: names, budgets: budgets.map((budget) => budget.scope) } },
  );
}

export interface Affordable {
  readonly plans: readonly CallPlan[];
  /** What to hold: enough for any of the plans. */
  readonly micros: readonly number[];
  /** In words, when the budgets changed the choice. */
  readonly because: string | null;
}

function shortfallOf(
  plan: CallPlan,
  budgets: readonly Budget[],
  accounts: readonly Account[],
): (Shortfall & { readonly account: Account }) | null {
  for (let at = 0; at < budgets.length; at += 1) {
    const budget = budgets[at] as Budget;
    const account = accounts[at] as Account;
    const neededMicros = plan.worstMicros[at] as number;
    const leftMicros = leftOf(budget, account);
    if (neededMicros > 0 && neededMicros > leftMicros) return { budget, account, leftMicros, neededMicros };
  }
  return null;
}

function most(plans: readonly CallPlan[], width: number): number[] {
  const micros: number[] = [];
  for (let at = 0; at < width; at += 1) {
    let largest = 0;
    for (const plan of plans) largest = Math.max(largest, plan.worstMicros[at] as number);
    micros.push(largest);
  }
  return micros;
}

/**
 * Endpoints that every budget can carry. When the first choice is not among them the budget that lacks money decides:
 * `downgrade` takes the cheapest that it can carry, `refuse` and `queue` report the shortfall of the first choice.
 *
 * @param first The plan that would serve when all slots were free.
 * @param quoting Plans of models that only quote, for a downgrade when no generating one can be carried.
 */
export function selectAffordable(
  plans: readonly CallPlan[],
  first: CallPlan,
  budgets: readonly Budget[],
  accounts: readonly Account[],
  quoting: readonly CallPlan[] = [],
): Affordable | { readonly shortfall: Shortfall } {
  if (budgets.length === 0) return { plans, micros: [], because: null };
  const shortfall = shortfallOf(first, budgets, accounts);
  if (shortfall && shortfall.budget.onExceed !== 'downgrade') return { shortfall };
  const canCarry = (plan: CallPlan) => shortfallOf(plan, budgets, accounts) === null;
  const generating = plans.filter(canCarry);
  const carried = generating.length > 0 || !shortfall ? generating : quoting.filter(canCarry);
  if (!shortfall) return { plans: carried, micros: most(carried, budgets.length), because: null };
  if (carried.length === 0) return { shortfall };
  const cheapest = Math.min(...carried.map((plan) => plan.worstMicros[0] as number));
  const chosen = carried.filter((plan) => plan.worstMicros[0] === cheapest);
  return {
    plans: chosen,
    micros: most(chosen, budgets.length),
    because: `budget ${shortfall.budget.scope} is too low for ${first.slots.endpoint.name}: downgraded`,
  };
}
