import { DEFAULT_TUNING, sequenceMultiplier, sequenceRho } from '../compare/asymptotic-sequence.ts';
import { closedEBenjaminiHochbergLog } from './closed-e-bh.ts';
import { eByLevel } from './e-bh.ts';
import { shrinkColumns } from './shrinkage.ts';

/** A column of numbers, one per app. */
type Column = Float64Array;

/**
 * Many apps at once, as columns: per app the units, mean and sum of squared deviations (M2) of each arm.
 * 48 bytes an app and KPI; a million apps are 48 MB.
 */
export interface PortfolioColumns {
  readonly controlN: Column;
  readonly controlMean: Column;
  readonly controlM2: Column;
  readonly treatmentN: Column;
  readonly treatmentMean: Column;
  readonly treatmentM2: Column;
  /** Number of the family an app belongs to, from 0; one family without it. */
  readonly family?: Int32Array;
}

export interface PortfolioOptions {
  readonly alpha?: number;
  /** N* of every app's sequence. */
  readonly tuning?: number;
  /** Apps with fewer units in an arm are "too early" and have no evidence. */
  readonly leastUnits?: number;
}

/** What is known of every app; NaN differences where an app has too few units. */
export interface PortfolioJudgement {
  readonly difference: Column;
  readonly standardError: Column;
  /** Always-valid bounds of the absolute difference. */
  readonly lower: Column;
  readonly upper: Column;
  /** ln of the e-process. */
  readonly logE: Column;
  readonly shrunken: Column;
  /** Indices that closed e-BH selected, and the level at which their intervals may be shown (e-BY). */
  readonly selected: readonly number[];
  readonly intervalLevel: number;
}

/**
 * The nightly pass over all apps: bounds and evidence per app, closed e-BH over all, shrinkage by family. One loop without
 * allocation per app, so that a million apps take well under a second.
 */
export function judgePortfolio(columns: PortfolioColumns, options: PortfolioOptions = {}): PortfolioJudgement {
  const { alpha = 0.05, tuning = DEFAULT_TUNING, leastUnits = 30 } = options;
  const m = columns.controlN.length;
  const rho = sequenceRho(alpha, tuning);
  const rho2 = rho * rho;
  const logAlpha = Math.log(alpha);
  const difference = new Float64Array(m);
  const standardError = new Float64Array(m);
  const lower = new Float64Array(m);
  const upper = new Float64Array(m);
  const logE = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const nc = columns.controlN[i] as number;
    const nt = columns.treatmentN[i] as number;
    const variance =
      (columns.controlM2[i] as number) / ((nc - 1) * nc) + (columns.treatmentM2[i] as number) / ((nt - 1) * nt);
    if (!(nc >= leastUnits && nt >= leastUnits && variance > 0)) {
      difference[i] = Number.NaN;
      standardError[i] = Number.NaN;
      lower[i] = Number.NEGATIVE_INFINITY;
      upper[i] = Number.POSITIVE_INFINITY;
      continue;
    }
    const delta = (columns.treatmentMean[i] as number) - (columns.controlMean[i] as number);
    const n = nc + nt;
    const k = n * rho2 + 1;
    const halfLogK = 0.5 * Math.log(k);
    const half = Math.sqrt((variance * 2 * k * (halfLogK - logAlpha)) / (n * rho2));
    difference[i] = delta;
    standardError[i] = Math.sqrt(variance);
    lower[i] = delta - half;
    upper[i] = delta + half;
    logE[i] = (rho2 * n * delta * delta) / (2 * k * variance) - halfLogK;
  }
  const selected = closedEBenjaminiHochbergLog(logE, alpha);
  return {
    difference,
    standardError,
    lower,
    upper,
    logE,
    shrunken: shrinkColumns(difference, standardError, columns.family).shrunken,
    selected,
    intervalLevel: selected.length === 0 ? alpha : eByLevel(alpha, selected.length, m),
  };
}

/** Interval of a selected app at the e-BY level. */
export function selectedInterval(
  judgement: PortfolioJudgement,
  columns: PortfolioColumns,
  app: number,
  tuning: number = DEFAULT_TUNING,
): readonly [number, number] {
  const n = (columns.controlN[app] as number) + (columns.treatmentN[app] as number);
  const half = sequenceMultiplier(n, judgement.intervalLevel, tuning) * (judgement.standardError[app] as number);
  return [(judgement.difference[app] as number) - half, (judgement.difference[app] as number) + half];
}

/** Indices of the apps by shrunken estimate, best first; unknown apps are left out. */
export function rankByShrunken(judgement: Pick<PortfolioJudgement, 'shrunken'>, top?: number): number[] {
  const known: number[] = [];
  judgement.shrunken.forEach((value, i) => {
    if (!Number.isNaN(value)) known.push(i);
  });
  known.sort((a, b) => (judgement.shrunken[b] as number) - (judgement.shrunken[a] as number));
  return top === undefined ? known : known.slice(0, top);
}
