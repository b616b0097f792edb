import { DEFAULT_TUNING } from '../compare/asymptotic-sequence.ts';
import { sampleRatioLogBayesFactor, sampleRatioPValue } from '../health/sample-ratio.ts';
import { LiftError } from '../lift-error.ts';
import { holm } from '../many/multiple-testing.ts';
import type { AnalysisOptions } from './analysis-options.ts';
import { compareKpi, type KpiComparison, type Looks } from './compare-kpi.ts';
import { createCollector, type KpiCollector } from './kpi-collector.ts';
import type { KpiOption } from './parse-kpi-option.ts';
import { createRowReader } from './read-row.ts';

/** A row that could not be used. */
export interface BadRow {
  readonly line: number;
  readonly reason: string;
}

/** One KPI of one treatment arm: a comparison, or why there is none. */
export interface KpiResult {
  readonly kpi: string;
  readonly type: KpiOption['type'];
  readonly direction: KpiOption['direction'];
  readonly alpha: number;
  readonly comparison: KpiComparison | null;
  /** The same without the registered cap; null where there is no cap. */
  readonly uncapped: KpiComparison | null;
  /** p adjusted by Holm over all comparisons of this analysis. */
  readonly holmPValue: number | null;
  readonly problem?: string;
}

export interface ArmResult {
  readonly variant: string;
  readonly units: number;
  readonly kpis: readonly KpiResult[];
}

export interface AnalysisResult {
  readonly control: string;
  readonly looks: Looks;
  readonly alpha: number;
  /** Data rows seen (the header is not one), used, and not used. */
  readonly rows: { readonly read: number; readonly used: number; readonly bad: number };
  readonly badByReason: Readonly<Record<string, number>>;
  readonly badRows: readonly BadRow[];
  /** Units without a covariate, counted as 0. */
  readonly unitsWithoutHistory: number;
  readonly units: Readonly<Record<string, number>>;
  /** Sample ratio: at one look, and the always-valid 1/BF of the totals. */
  readonly sampleRatio: { readonly pValue: number; readonly sequentialPValue: number; readonly mismatch: boolean };
  readonly arms: readonly ArmResult[];
}

/** A running analysis: feed rows, then ask. Asking does not end it. */
export interface Analysis {
  addRow(fields: readonly string[], line: number): void;
  /** Counts and names a line that could not even be cut into fields. */
  addBroken(line: number, reason: string): void;
  result(): AnalysisResult;
}

interface UnitState {
  readonly arm: number;
  readonly values: Float64Array[];
}

/**
 * A streaming analysis of an experiment's file. Without a unit column memory does not grow with rows (quantiles
 * excepted); with one, a total is kept for each unit and KPI. Rows of one unit are added together (a proportion's
 * unit succeeds if any row does; covariates are taken from the unit's first row).
 *
 * @throws LiftError `invalid_option` when a named column does not exist.
 */
export function createAnalysis(options: AnalysisOptions): Analysis {
  const { control, alpha = 0.05, namedBadRows = 100 } = options;
  // without units there is nothing to cluster by
  const kpis =
    options.unit === undefined ? options.kpis.map((kpi) => ({ ...kpi, level: 'unit' as const })) : options.kpis;
  const looks = looksOf(options.looks);
  if (kpis.length === 0) throw new LiftError('invalid_option', 'An analysis needs at least one KPI.', {});
  const reader = createRowReader(options);
  const variants: string[] = [control];
  const armOf = new Map<string, number>([[control, 0]]);
  const counts: number[] = [0];
  const units = new Map<string, UnitState>();
  const streamed = options.unit === undefined ? kpis.map(createCollector) : null;
  const events = kpis.map((kpi) => (kpi.level === 'event' ? createCollector(kpi) : null));
  const badByReason: Record<string, number> = {};
  const badRows: BadRow[] = [];
  let read = 0;
  let bad = 0;
  let unitsWithoutHistory = 0;

  const refuse = (line: number, reason: string, kind: string) => {
    bad += 1;
    badByReason[kind] = (badByReason[kind] ?? 0) + 1;
    if (badRows.length < namedBadRows) badRows.push({ line, reason });
  };

  const armNumber = (variant: string): number => {
    const known = armOf.get(variant);
    if (known !== undefined) return known;
    armOf.set(variant, variants.length);
    variants.push(variant);
    counts.push(0);
    return variants.length - 1;
  };

  return {
    addRow(fields, line) {
      read += 1;
      const row = reader(fields);
      if ('reason' in row) {
        refuse(line, row.reason, row.kind);
        return;
      }
      const known = row.unit === null ? undefined : units.get(row.unit);
      const arm = known && armOf.get(row.variant) === undefined ? -1 : armNumber(row.variant);
      if (known && known.arm !== arm) {
        refuse(line, `unit "${row.unit}" was already in "${variants[known.arm]}"`, 'unit in two variants');
        return;
      }
      if (!known) {
        counts[arm] = (counts[arm] as number) + 1;
        if (row.noHistory) unitsWithoutHistory += 1;
      }
      kpis.forEach((kpi, i) => {
        const values = row.values[i] as Float64Array;
        const event = events[i];
        if (event && row.unit !== null) event.addEvent(arm, row.unit, values[0] as number);
        else streamed?.[i]?.add(arm, values as unknown as readonly number[]);
        if (known) addToUnit(kpi, known.values[i] as Float64Array, values);
      });
      if (row.unit !== null && !known) units.set(row.unit, { arm, values: row.values });
    },
    addBroken(line, reason) {
      read += 1;
      refuse(line, reason, 'unclosed quote');
    },
    result() {
      if (counts[0] === 0) {
        throw new LiftError(
          'invalid_option',
          `No row has the control "${control}"; variants seen: ${variants.slice(1).join(', ') || 'none'}.`,
          {
            control,
            variants: variants.slice(1),
            bad,
            badRows,
          },
        );
      }
      const collectors = streamed ?? collectUnits(kpis, units, events);
      return summarise();

      function summarise(): AnalysisResult {
        const arms = variants.slice(1).map((variant, index) => ({
          variant,
          units: counts[index + 1] as number,
          kpis: kpis.map((kpi, i) => compareOne(kpi, collectors[i] as KpiCollector, index + 1, looks, alpha)),
        }));
        return {
          control,
          looks,
          alpha,
          rows: { read, used: read - bad, bad },
          badByReason,
          badRows,
          unitsWithoutHistory,
          units: Object.fromEntries(variants.map((variant, i) => [variant, counts[i] as number])),
          sampleRatio: sampleRatioOf(options, variants, counts, looks),
          arms: withHolm(arms),
        };
      }
    },
  };
}

function looksOf(looks: AnalysisOptions['looks']): Looks {
  if (looks === undefined || looks === 'fixed') return { kind: 'fixed' };
  return looks === 'sequential' ? { kind: 'sequential', tuning: DEFAULT_TUNING } : looks;
}

/** Adds a further row of a unit: outcomes grow, covariates stay as first seen. */
function addToUnit(kpi: KpiOption, total: Float64Array, row: Float64Array): void {
  const outcomes = kpi.type === 'ratio' ? 2 : 1;
  for (let i = 0; i < outcomes; i++) {
    const sum = (total[i] as number) + (row[i] as number);
    total[i] = kpi.type === 'proportion' ? Math.min(1, sum) : sum;
  }
}

function collectUnits(
  kpis: readonly KpiOption[],
  units: ReadonlyMap<string, UnitState>,
  events: readonly (KpiCollector | null)[],
): KpiCollector[] {
  const collectors = kpis.map((kpi, i) => events[i] ?? createCollector(kpi));
  for (const { arm, values } of units.values()) {
    collectors.forEach((collector, i) => {
      if (!events[i]) collector.add(arm, values[i] as unknown as readonly number[]);
    });
  }
  return collectors;
}

function compareOne(kpi: KpiOption, collector: KpiCollector, arm: number, looks: Looks, alpha: number): KpiResult {
  const level = kpi.alpha ?? alpha;
  const base = { kpi: kpi.name, type: kpi.type, direction: kpi.direction, alpha: level, holmPValue: null };
  try {
    const compare = (which: 'capped' | 'uncapped') =>
      compareKpi(collector.pair(0, arm, which), looks, level, kpi.direction === 'decrease');
    return { ...base, comparison: compare('capped'), uncapped: kpi.cap === undefined ? null : compare('uncapped') };
  } catch (error) {
    if (!(error instanceof LiftError)) throw error;
    return { ...base, comparison: null, uncapped: null, problem: error.message };
  }
}

function sampleRatioOf(options: AnalysisOptions, variants: readonly string[], counts: readonly number[], looks: Looks) {
  const weights = variants.map((variant) => options.weights?.[variant] ?? (options.weights ? 0 : 1));
  const unplanned = counts.some((count, i) => count > 0 && weights[i] === 0);
  const pValue = unplanned ? 0 : sampleRatioPValue(counts, weights);
  const planned = weights.map((w, i) => ({ w, n: counts[i] as number })).filter(({ w }) => w > 0);
  const logBf = sampleRatioLogBayesFactor(
    planned.map(({ n }) => n),
    planned.map(({ w }) => w),
  );
  const sequentialPValue = unplanned ? 0 : Math.min(1, Math.exp(-logBf));
  // one in a thousand: an alarm that stops an experiment must be rare
  return { pValue, sequentialPValue, mismatch: (looks.kind === 'fixed' ? pValue : sequentialPValue) < 0.001 };
}

function withHolm(arms: readonly ArmResult[]): ArmResult[] {
  const all = arms.flatMap((arm) => arm.kpis.map((kpi) => kpi.comparison?.pValue ?? null));
  const adjusted = holm(all.filter((p): p is number => p !== null));
  let at = 0;
  return arms.map((arm) => ({
    ...arm,
    kpis: arm.kpis.map((kpi) => (kpi.comparison ? { ...kpi, holmPValue: adjusted[at++] as number } : kpi)),
  }));
}
