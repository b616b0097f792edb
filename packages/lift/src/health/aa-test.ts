import { binomialCdf } from '../numerics/binomial.ts';

/** How often A/A comparisons on live traffic raised an alarm, against how often they may. */
export interface AaHealth {
  readonly comparisons: number;
  readonly alarms: number;
  readonly errorRatio: number;
  /** P(at least so many alarms) if each comes with probability alpha. */
  readonly pValue: number;
  readonly failed: boolean;
}

/**
 * Judges the nightly A/A on live traffic: the pipeline fails when it raises more alarms than its level explains
 * (exact binomial, at one in a thousand, since a failure blocks every verdict).
 *
 * @param pValues One per independent A/A comparison; always-valid ones may be looked at any time.
 */
export function aaHealth(pValues: readonly number[], alpha = 0.05): AaHealth {
  const comparisons = pValues.length;
  const alarms = pValues.filter((p) => p < alpha).length;
  const pValue = alarms === 0 ? 1 : 1 - binomialCdf(alarms - 1, comparisons, alpha);
  return {
    comparisons,
    alarms,
    errorRatio: comparisons === 0 ? 0 : alarms / comparisons,
    pValue,
    failed: pValue < 0.001,
  };
}
