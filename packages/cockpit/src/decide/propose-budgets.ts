import type { AppRecord, Decision } from '@myriad/contracts';
import { verdictSentence } from '@myriad/lift';
import type { AppBudget } from '../cockpit.ts';
import type { Judged } from '../judge/judge-books.ts';
import type { NewDecision } from './decision-desk.ts';

/** At most a quarter a day, as shares. */
const step = 0.25;
/** Never below a tenth of what the manifest or a person gave, so that an app that recovers can show it. */
const floorRatio = 0.1;
const dayMs = 86_400_000;
const quietMs = 7 * dayMs;
/** A budget that is far from spent binds nothing: raising it would change nothing. */
const bindingRatio = 0.7;

/**
 * Budgets from lift per cost, by the gates of shares: a budget that binds is raised where the always-valid lower bound
 * of the effect is above 0, closed e-BH selected the app, and each unit of money spent surely brought more than itself;
 * one is cut where the upper bound is below 0 or a guardrail tripped. Pure: nothing is applied here.
 *
 * @param firstOf Budget that the app began with, for the floor.
 */
export function proposeBudgets(parts: {
  readonly judged: readonly Judged[];
  readonly appOf: (appId: string) => AppRecord | undefined;
  readonly budgetOf: (appId: string) => AppBudget | null;
  readonly decisions: readonly Decision[];
  readonly sample: boolean;
  readonly now: number;
}): readonly NewDecision[] {
  const { judged, appOf, budgetOf, decisions, sample, now } = parts;
  if (sample) return [];
  return judged.flatMap((one): NewDecision[] => {
    const { appId, app } = one.book.plan;
    const budget = budgetOf(appId);
    if (!budget || budget.limitMicros <= 0 || appOf(appId)?.status !== 'published' || one.verdict.blocked) return [];
    const own = decisions.filter((known) => known.kind === 'budget' && known.appId === appId);
    const to = wantedBudget(one, budget, firstBudget(own, budget));
    const change = to / budget.limitMicros;
    if (Math.abs(change - 1) < 0.01 || answered(own, to, now)) return [];
    const facts = { ...one.verdict.facts };
    const [lowest] = one.verdict.value.netIntervalMicros;
    const pays = change > 1 ? paysSentence(lowest, one.money.spentMicros) : { en: '', zh: '' };
    return [
      {
        kind: 'budget',
        appId,
        app,
        model: null,
        sample,
        from: budget.standing ? budget.limitMicros : null,
        to,
        verdict: one.verdict.verdict,
        budget: { currency: budget.currency, period: budget.period },
        because: {
          en: verdictSentence(one.verdict.reason, facts, 'en') + pays.en,
          zh: verdictSentence(one.verdict.reason, facts, 'zh') + pays.zh,
        },
      },
    ];
  });
}

function wantedBudget(one: Judged, budget: AppBudget, first: number): number {
  const now = budget.limitMicros;
  const harmful = one.forShares.upper < 0 || one.guardrails.some(({ tripped }) => tripped);
  if (harmful) return Math.min(now, Math.max(Math.round(first * floorRatio), Math.round(now * (1 - step))));
  const proven = one.forShares.lower > 0 && one.forShares.selected && one.verdict.verdict === 'Grow';
  const pays = one.money.valueMicros !== null && one.verdict.value.netIntervalMicros[0] > 0;
  const binds = budget.spentMicros >= bindingRatio * now;
  return proven && pays && binds ? Math.round(now * (1 + step)) : now;
}

function paysSentence(lowestNet: number, spent: number) {
  const ratio = spent > 0 ? Math.round((10 * (lowestNet + spent)) / spent) / 10 : null;
  if (ratio === null) return { en: '', zh: '' };
  return {
    en: ` Each unit of money spent surely brought at least ${ratio}.`,
    zh: `每花费 1 单位资金，至少确定带来 ${ratio}。`,
  };
}

/** What the app had before the first decision about its budget that still stands. */
function firstBudget(own: readonly Decision[], budget: AppBudget): number {
  const applied = own.filter(({ status, from }) => status === 'applied' && from !== null);
  return applied.at(-1)?.from ?? budget.limitMicros;
}

/** Waiting already, changed within a day, or refused or undone in the last week. */
function answered(own: readonly Decision[], to: number, now: number): boolean {
  return own.some(({ status, to: known, decidedAt }) => {
    if (status === 'proposed') return Math.abs((known ?? 0) - to) < 0.01 * to;
    if (status === 'applied') return now - (decidedAt ?? 0) < dayMs;
    return (status === 'rejected' || status === 'undone') && now - (decidedAt ?? 0) < quietMs;
  });
}
