import type { AppRecord, Decision } from '@myriad/contracts';
import { fitShares, nextShare, verdictSentence } from '@myriad/lift';
import type { Judged } from '../judge/judge-books.ts';
import type { NewDecision } from './decision-desk.ts';

/** Part of capacity that is promised by base shares; the rest is room for proven gains and the exploration pool. */
const promised = 0.6;
/** Never below this part of its base while an app is enabled; the kernel takes factors from ½ to 4. */
const floorFactor = 0.5;
const highestFactor = 4;
const dayMs = 86_400_000;
const quietMs = 7 * dayMs;

export interface ShareState {
  readonly factor: number;
  readonly changedAt: number;
}

/**
 * What follows from the verdicts: new shares by lift's gates, and a stop for an app that does proven harm or cannot pay.
 * Pure: nothing is applied here.
 */
export function proposeDecisions(parts: {
  readonly judged: readonly Judged[];
  readonly appOf: (appId: string) => AppRecord | undefined;
  readonly shares: ReadonlyMap<string, ShareState>;
  readonly decisions: readonly Decision[];
  readonly sample: boolean;
  readonly now: number;
}): readonly NewDecision[] {
  const { judged, appOf, shares, decisions, sample, now } = parts;
  const base = promised / Math.max(1, judged.length);
  const proposals: NewDecision[] = [];
  const decided = judged.map((one) => {
    const state = shares.get(one.book.plan.appId);
    const current = base * (state?.factor ?? 1);
    return nextShare({
      current,
      base,
      floor: base * floorFactor,
      enabled: appOf(one.book.plan.appId)?.status === 'published',
      lower: one.forShares.lower,
      upper: one.forShares.upper,
      // a handful of units moves no capacity, however clear they look
      selected: one.forShares.selected && one.verdict.verdict !== 'Too early',
      guardrailTripped: one.guardrails.some(({ tripped }) => tripped),
      blocked: one.verdict.blocked,
      days: 1,
    });
  });
  const fitted = fitShares(
    decided.map(({ share }) => share),
    judged.map(() => base),
    judged.map(() => false),
  ).shares;
  judged.forEach((one, index) => {
    const { appId, app } = one.book.plan;
    const of = (kind: Decision['kind']) => decisions.filter((known) => known.appId === appId && known.kind === kind);
    const state = shares.get(appId);
    const facts = { ...one.verdict.facts };
    const because = {
      en: verdictSentence(one.verdict.reason, facts, 'en'),
      zh: verdictSentence(one.verdict.reason, facts, 'zh'),
    };
    const common = { appId, app, model: null, sample, verdict: one.verdict.verdict, because };
    const record = appOf(appId);
    const from = state?.factor ?? 1;
    const to = Math.min(highestFactor, (fitted[index] as number) / base);
    const moves = record?.status === 'published' && Math.abs(to - from) > 0.005;
    const rested = state === undefined || now - state.changedAt >= dayMs;
    if (moves && rested && !answered(of('share'), to, now)) proposals.push({ ...common, kind: 'share', from, to });
    if (one.verdict.verdict === 'Retire' && record?.status === 'published' && !answered(of('stop'), null, now))
      proposals.push({ ...common, kind: 'stop', from: null, to: null });
  });
  return proposals;
}

/** The same is waiting already, or was refused or undone in the last week. */
function answered(known: readonly Decision[], to: number | null, now: number): boolean {
  return known.some(
    (decision) =>
      (decision.status === 'proposed' && (to === null || Math.abs((decision.to ?? 0) - to) < 0.005)) ||
      ((decision.status === 'rejected' || decision.status === 'undone') && now - (decision.decidedAt ?? 0) < quietMs),
  );
}
