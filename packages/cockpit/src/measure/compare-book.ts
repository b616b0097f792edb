import {
  aggregateOf,
  armMoments,
  compareKpi,
  DEFAULT_TUNING,
  estimateAggregates,
  type KpiComparison,
  LiftError,
} from '@myriad/lift';
import { compareQuantile } from './compare-quantile.ts';
import type { Measure } from './measure.ts';

/** Fewer units in an arm say nothing: the sequences are asymptotic. */
export const leastUnitsPerArm = 30;
/** Level of every interval that is shown. */
export const shownAlpha = 0.05;

/** Treatment against control by an always-valid sequence; null while nothing can be estimated. */
export function compareBook(
  measure: Measure,
  which: 'capped' | 'uncapped' = 'capped',
  alpha = shownAlpha,
): KpiComparison | null {
  if (measure.kpi.type === 'quantile') return compareQuantile(measure, which, alpha);
  const aggregate = aggregateOf(measure.ledger, which);
  try {
    const pair = estimateAggregates(aggregate.shape, armMoments(aggregate, 0), armMoments(aggregate, 1));
    const looks = { kind: 'sequential', tuning: DEFAULT_TUNING } as const;
    return compareKpi(pair, looks, alpha, measure.kpi.direction === 'decrease');
  } catch (error) {
    if (error instanceof LiftError) return null;
    throw error;
  }
}
