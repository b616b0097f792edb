import type { AppRecord, Bounds, LocalizedText, PortfolioRow, Verdict } from '@myriad/contracts';
import { type KpiComparison, verdictSentence } from '@myriad/lift';
import { armCounts } from '../measure/experiment-book.ts';
import type { Judged } from './judge-books.ts';

const sparklineLooks = 60;
const dayMs = 86_400_000;
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export const bounds = (estimate: number, interval: readonly [number, number]): Bounds => ({
  estimate,
  low: finite(interval[0]),
  high: finite(interval[1]),
});

/** Relative lift as its Fieller set; null ("not yet known") where the set is not an interval. */
export function relativeBounds(comparison: KpiComparison): Bounds | null {
  const { lift, liftSet } = comparison;
  return lift !== null && liftSet.kind === 'interval' ? bounds(lift, liftSet.interval) : null;
}

export function portfolioRow(
  judged: Judged,
  facts: {
    readonly app: AppRecord | undefined;
    readonly share: number;
    readonly currency: string;
    readonly sample: boolean;
    /** True effect of sample data. */
    readonly truth: number | null;
  },
): PortfolioRow {
  const { book, comparison, verdict, money } = judged;
  const { plan } = book;
  const [control, treated] = armCounts(book);
  const valued = comparison !== null && money.valueMicros !== null;
  const { value } = verdict;
  return {
    appId: plan.appId,
    app: plan.app,
    title: plan.title,
    experiment: plan.experiment,
    sample: facts.sample,
    kpi: plan.kpi.name,
    kpiUnit: plan.kpi.unit,
    direction: plan.kpi.direction,
    verdict: verdict.verdict,
    because: sentenceOf(judged),
    blocked: verdict.blocked,
    blockedReason: verdict.blocked ? (verdict.reason as PortfolioRow['blockedReason']) : null,
    absolute: comparison && bounds(comparison.difference, comparison.interval),
    relative: comparison && relativeBounds(comparison),
    shrunken: judged.shrunken,
    units: control + treated,
    selected: judged.selected,
    earned: valued ? bounds(value.earnedMicros, value.earnedIntervalMicros) : null,
    spentMicros: money.spentMicros,
    net: valued ? bounds(value.netMicros, value.netIntervalMicros) : null,
    currency: facts.currency,
    share: facts.share,
    status: facts.app?.status ?? 'retired',
    timeToVerdictMs: finite(verdict.daysToVerdict * dayMs),
    guardrails: {
      ok: judged.guardrails.filter(({ tripped }) => !tripped).length,
      tripped: judged.guardrails.filter(({ tripped }) => tripped).map(({ measure }) => measure.kpi.name),
    },
    sparkline: thin(book.looks, sparklineLooks),
    truth:
      facts.truth === null
        ? null
        : {
            effect: facts.truth,
            insideInterval: comparison
              ? comparison.interval[0] <= facts.truth && facts.truth <= comparison.interval[1]
              : null,
          },
  };
}

/** The verdict's sentence; an unknown time is said as such. */
export function sentenceOf({ verdict }: Judged): LocalizedText {
  return {
    en: verdictSentence(verdict.reason, verdict.facts, 'en'),
    zh: verdictSentence(verdict.reason, verdict.facts, 'zh'),
  };
}

/** Evenly spread items of a list, its last among them. */
export function thin<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))] as T);
}

export function headlineOf(rows: readonly PortfolioRow[], currency: string) {
  const byVerdict: Record<Verdict, number> = { Grow: 0, Keep: 0, Review: 0, Retire: 0, 'Too early': 0 };
  for (const row of rows) byVerdict[row.verdict] += 1;
  const valued = rows.flatMap(({ earned, blocked }) => (earned && !blocked ? [earned] : []));
  const add = (pick: (earned: Bounds) => number | null) =>
    valued.reduce<number | null>((sum, earned) => {
      const part = pick(earned);
      return sum === null || part === null ? null : sum + part;
    }, 0);
  const earned: Bounds | null =
    valued.length === 0
      ? null
      : { estimate: add(({ estimate }) => estimate) ?? 0, low: add(({ low }) => low), high: add(({ high }) => high) };
  const spentMicros = rows.reduce((sum, row) => sum + row.spentMicros, 0);
  return {
    apps: rows.length,
    earned,
    spentMicros,
    byVerdict,
    sentence: headline(rows.length, earned, spentMicros, currency),
  };
}

function headline(apps: number, earned: Bounds | null, spentMicros: number, currency: string): LocalizedText {
  const money = (micros: number | null) =>
    micros === null
      ? '∞'
      : `${Math.round(micros / 1e6)
          .toLocaleString('en-US')
          .replace('-', '−')} ${currency}`;
  if (apps === 0)
    return {
      en: 'No app has an experiment with exposed units yet.',
      zh: '目前还没有应用进入实验并产生曝光。',
    };
  if (!earned)
    return {
      en: `What ${apps} apps earned is not yet known; they spent ${money(spentMicros)}.`,
      zh: `${apps} 个应用的收益尚不可知；已花费 ${money(spentMicros)}。`,
    };
  return {
    en: `${apps} apps earned ${money(earned.estimate)} (surely between ${money(earned.low)} and ${money(earned.high)}) and spent ${money(spentMicros)}.`,
    zh: `${apps} 个应用共带来 ${money(earned.estimate)}（可靠区间 ${money(earned.low)} 至 ${money(earned.high)}），花费 ${money(spentMicros)}。`,
  };
}
