import {
  compareKpi,
  DEFAULT_TUNING,
  estimateQuantile,
  type KpiComparison,
  LiftError,
  quantileDifference,
  quantileSums,
  SHARE_ALPHA,
  sequenceRho,
} from '@myriad/lift';
import type { Measure } from './measure.ts';

/**
 * Treatment against control at a quantile of the units' totals, over units whose window has ended: a total that still
 * grows says nothing about a quantile. Interval, evidence and relative lift come from the always-valid procedure for
 * quantiles, exact and without a variance. Sorts the totals: n·log n at each look, where other KPIs take O(1).
 */
export function compareQuantile(measure: Measure, which: 'capped' | 'uncapped', alpha: number): KpiComparison | null {
  const { quantile, direction } = measure.kpi;
  const [control, treatment] = endedTotals(measure, which);
  if (quantile == null || !control || !treatment) return null;
  try {
    const pair = {
      control: estimateQuantile(quantileSums(control, quantile)),
      treatment: estimateQuantile(quantileSums(treatment, quantile)),
      theta: 0,
    };
    const looks = { kind: 'sequential', tuning: DEFAULT_TUNING } as const;
    const asymptotic = compareKpi(pair, looks, alpha, direction === 'decrease');
    const exact = quantileDifference(control, treatment, quantile, { alpha, tOpt: DEFAULT_TUNING / 2 });
    const units = control.length + treatment.length;
    return {
      ...asymptotic,
      standardError: cautiousError(asymptotic.difference, asymptotic.standardError, units, exact.logE),
      interval: exact.interval,
      pValue: exact.pValue,
      logE: exact.logE,
      liftSet: exact.relative ? { kind: 'interval', interval: exact.relative } : { kind: 'all' },
    };
  } catch (error) {
    if (error instanceof LiftError) return null;
    throw error;
  }
}

/** Sorted totals of each arm's units whose window has ended. */
export function endedTotals(measure: Measure, which: 'capped' | 'uncapped' = 'capped'): readonly Float64Array[] {
  const arms: number[][] = [[], []];
  const cap = which === 'capped' ? (measure.kpi.cap ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  for (const [unit, { arm, raw }] of measure.ledger.units)
    if (measure.ended(unit)) arms[arm]?.push(Math.min(raw[0] as number, cap));
  return arms.map((totals) => Float64Array.from(totals).sort());
}

/**
 * The error that the pass over all apps may use: the order statistics' own, or the larger one at which its normal
 * e-process, at either level, says no more than the exact evidence does. So no app is selected and no share moves on
 * more than the exact procedure allows. From `logEProcess`: ρ²Δ²N/(2k·SE²) − ln(k)/2 = ln E.
 */
function cautiousError(difference: number, standardError: number, units: number, logE: number): number {
  return [0.05, SHARE_ALPHA].reduce((most, alpha) => {
    const rho2 = sequenceRho(alpha, DEFAULT_TUNING) ** 2;
    const k = units * rho2 + 1;
    const room = logE + Math.log(k) / 2;
    return room <= 0 ? most : Math.max(most, Math.sqrt((rho2 * difference ** 2 * units) / (2 * k * room)));
  }, standardError);
}
