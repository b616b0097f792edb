/** Verdicts over all experiments of one tenant: each by its own always-valid interval, together by e-BH and shrinkage. */
import {
  type AaHealth,
  aaHealth,
  contamination,
  DEFAULT_TUNING,
  guardrail,
  judgePortfolio,
  type KpiComparison,
  orient,
  type PortfolioColumns,
  type PortfolioJudgement,
  SHARE_ALPHA,
  type Verdict,
  valueOfLift,
  verdict,
} from '@myriad/lift';
import { compareBook, leastUnitsPerArm, shownAlpha } from '../measure/compare-book.ts';
import { armCounts, type ExperimentBook, sampleRatioNow } from '../measure/experiment-book.ts';
import type { Measure } from '../measure/measure.ts';

export interface Money {
  readonly spentMicros: number;
  readonly tokens: number;
  /** Worth of one KPI unit in the house's currency; null when not known. */
  readonly valueMicros: number | null;
}

export interface GuardrailResult {
  readonly measure: Measure;
  readonly comparison: KpiComparison | null;
  readonly tripped: boolean;
  readonly sureHarm: number;
}

export interface Judged {
  readonly book: ExperimentBook;
  readonly comparison: KpiComparison | null;
  readonly verdict: Verdict;
  readonly money: Money;
  /** Shrunken effect in the KPI's own direction; null when unknown. */
  readonly shrunken: number | null;
  readonly selected: boolean;
  readonly guardrails: readonly GuardrailResult[];
  readonly contamination: { readonly shareRatio: number; readonly blocks: boolean };
  readonly unitsPerDay: number;
  /** What moves a share: bounds (more is better) and selection at the stricter level. */
  readonly forShares: { readonly lower: number; readonly upper: number; readonly selected: boolean };
}

const dayMs = 86_400_000;

export function judgeBooks(
  books: readonly ExperimentBook[],
  moneyOf: (book: ExperimentBook) => Money,
  aa: AaHealth = aaOf(books).health,
): readonly Judged[] {
  const comparisons = books.map((book) => compareBook(book.goal));
  const families = new Map<string, number>();
  const columns = columnsOf(books, comparisons, families);
  const judged = judgePortfolio(columns, { alpha: shownAlpha, leastUnits: leastUnitsPerArm });
  const strict = judgePortfolio(columns, { alpha: SHARE_ALPHA, leastUnits: leastUnitsPerArm });
  return books.map((book, index) =>
    judgeOne({ book, comparison: comparisons[index] ?? null, index, judged, strict, money: moneyOf(book), aa }),
  );
}

/** One column per figure; KPIs of which less is better are turned round, and apps of one KPI are one family. */
function columnsOf(
  books: readonly ExperimentBook[],
  comparisons: readonly (KpiComparison | null)[],
  families: Map<string, number>,
): PortfolioColumns {
  const column = () => new Float64Array(books.length);
  const columns = {
    controlN: column(),
    controlMean: column(),
    controlM2: column(),
    treatmentN: column(),
    treatmentMean: column(),
    treatmentM2: column(),
    family: new Int32Array(books.length),
  };
  books.forEach((book, i) => {
    const name = book.plan.kpi.name;
    if (!families.has(name)) families.set(name, families.size);
    columns.family[i] = families.get(name) as number;
    const comparison = comparisons[i];
    if (!comparison) return;
    const { controlUnits: nc, treatmentUnits: nt, standardError } = comparison;
    const sign = book.plan.kpi.direction === 'decrease' ? -1 : 1;
    columns.controlN[i] = nc;
    columns.treatmentN[i] = nt;
    columns.treatmentMean[i] = sign * comparison.difference;
    // the pair's whole variance on the treatment's side: the pass only uses their sum
    columns.treatmentM2[i] = standardError ** 2 * (nt - 1) * nt;
  });
  return columns;
}

function judgeOne(parts: {
  readonly book: ExperimentBook;
  readonly comparison: KpiComparison | null;
  readonly index: number;
  readonly judged: PortfolioJudgement;
  readonly strict: PortfolioJudgement;
  readonly money: Money;
  readonly aa: AaHealth;
}): Judged {
  const { book, comparison, index, judged, strict, money, aa } = parts;
  const { direction } = book.plan.kpi;
  const known = comparison !== null && !Number.isNaN(judged.difference[index] as number);
  const oriented = known
    ? orient(comparison.difference, comparison.interval, direction)
    : { difference: 0, interval: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const };
  const shrunken = known ? (judged.shrunken[index] as number) : 0;
  const [control, treated] = armCounts(book);
  const units = control + treated;
  const value = valueOfLift({
    difference: shrunken,
    interval: oriented.interval,
    moneyMicros: money.valueMicros ?? 0,
    exposedUnits: treated,
    spentMicros: money.spentMicros,
    tokens: money.tokens,
  });
  const guardrails = book.guardrails.map(judgeGuardrail);
  const strayed = contaminationOf(book);
  const days = Math.max(1, (book.lastAt - book.firstAt) / dayMs);
  const smallest = Math.abs(book.plan.goalRatio * (comparison?.controlMean ?? 0));
  return {
    book,
    comparison: known ? comparison : null,
    money,
    shrunken: known ? (direction === 'decrease' ? -shrunken : shrunken) : null,
    selected: known && judged.selected.includes(index),
    guardrails,
    contamination: strayed,
    unitsPerDay: units / days,
    forShares: {
      lower: strict.lower[index] as number,
      upper: strict.upper[index] as number,
      selected: known && strict.selected.includes(index),
    },
    verdict: verdict({
      difference: oriented.difference,
      interval: oriented.interval,
      units: known ? units : 0,
      selected: judged.selected.includes(index),
      // without a declared worth nothing can be said to pay or not to pay
      value: money.valueMicros === null ? { ...value, netIntervalMicros: openInterval } : value,
      smallestThatMatters: smallest,
      // twice SE·√N/2 is what the plan of two equal arms calls variance
      variance: known ? (comparison.standardError ** 2 * units) / 4 : 0,
      unitsPerDay: units / days,
      tuning: DEFAULT_TUNING,
      sampleRatioPValue: sampleRatioNow(book).pValue,
      contamination: strayed,
      aaTest: aa,
      guardrailTripped: guardrails.find(({ tripped }) => tripped)?.measure.kpi.name ?? null,
    }),
  };
}

const openInterval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

function judgeGuardrail(measure: Measure): GuardrailResult {
  const comparison = compareBook(measure);
  if (!comparison || Math.min(comparison.controlUnits, comparison.treatmentUnits) < leastUnitsPerArm)
    return { measure, comparison: null, tripped: false, sureHarm: 0 };
  const state = guardrail(
    {
      difference: 'absolute',
      estimate: comparison.difference,
      standardError: comparison.standardError,
      degrees: comparison.degrees,
      n: comparison.controlUnits + comparison.treatmentUnits,
    },
    measure.kpi.direction,
  );
  return { measure, comparison, tripped: state.tripped, sureHarm: state.sureHarm };
}

/** A unit of the control arm strayed when it got the treatment, and the other way round. */
function contaminationOf(book: ExperimentBook) {
  const [control, treatment] = book.delivered;
  const sum = (map: ReadonlyMap<string, number>) => [...map.values()].reduce((total, count) => total + count, 0);
  // `fallback`: the arm's base model was not there, so both arms met the same
  const treatedControls = (control.get('treatment') ?? 0) + (control.get('fallback') ?? 0);
  const rightlyTreated = treatment.get('treatment') ?? 0;
  return contamination([
    [sum(control) - treatedControls, treatedControls],
    [sum(treatment) - rightlyTreated, rightlyTreated],
  ]);
}

/** The standing A/A on live traffic: treated units of each experiment, split once more by chance. */
export function aaOf(books: readonly ExperimentBook[]) {
  const rows = books.flatMap((book) => {
    const comparison = compareBook(book.aa);
    if (!comparison || Math.min(comparison.controlUnits, comparison.treatmentUnits) < leastUnitsPerArm) return [];
    const units = comparison.controlUnits + comparison.treatmentUnits;
    return [{ experiment: book.plan.experiment, units, pValue: comparison.pValue }];
  });
  return {
    rows,
    health: aaHealth(
      rows.map(({ pValue }) => pValue),
      shownAlpha,
    ),
  };
}
