import { DEFAULT_TUNING, logEProcess, sequenceRho } from '../compare/asymptotic-sequence.ts';
import { closedEBenjaminiHochbergLog } from '../many/closed-e-bh.ts';
import { eBenjaminiHochbergLog } from '../many/e-bh.ts';
import { benjaminiHochberg } from '../many/multiple-testing.ts';
import { normalUpperTail } from '../numerics/normal.ts';
import { normalSampler, seededRandom } from '../numerics/random.ts';

export interface PortfolioPlan {
  readonly apps: number;
  readonly looks: number;
  /** Part of the apps that truly change something. */
  readonly effective: number;
  /** Range of their effects, in standard deviations of a unit. */
  readonly effects: readonly [from: number, to: number];
  readonly unitsPerLook: number;
  readonly alpha?: number;
  readonly tuning?: number;
  readonly seed: number;
}

/** False share among discoveries, and share of true effects discovered. */
export interface PortfolioOutcome {
  readonly closedEBh: { readonly falseDiscoveries: number; readonly power: number };
  readonly eBh: { readonly falseDiscoveries: number; readonly power: number };
  readonly rerunBh: { readonly falseDiscoveries: number; readonly power: number };
}

/**
 * Many apps, each looked at many times; whatever a method once declares it keeps ("lock"). Arm means are drawn from
 * their exact normal law, increment by increment, so that looks of one app hang together as they do in life.
 */
export function simulatePortfolio(plan: PortfolioPlan): PortfolioOutcome {
  const { apps, looks, effective, effects, unitsPerLook, alpha = 0.05, tuning = DEFAULT_TUNING } = plan;
  const random = seededRandom(plan.seed);
  const normal = normalSampler(random);
  const truth = Float64Array.from({ length: apps }, (_, i) =>
    i < apps * effective ? (random() < 0.5 ? -1 : 1) * (effects[0] + (effects[1] - effects[0]) * random()) : 0,
  );
  const total = new Float64Array(apps);
  const logE = new Float64Array(apps);
  const lockedE = new Uint8Array(apps);
  const lockedClosed = new Uint8Array(apps);
  const lockedP = new Uint8Array(apps);
  const rho = sequenceRho(alpha, tuning);
  const stepSd = Math.sqrt(2 * unitsPerLook);
  for (let look = 1; look <= looks; look++) {
    const n = look * unitsPerLook;
    const error = Math.sqrt(2 / n);
    const p = new Array<number>(apps);
    for (let i = 0; i < apps; i++) {
      total[i] = (total[i] as number) + unitsPerLook * (truth[i] as number) + stepSd * normal();
      const estimate = (total[i] as number) / n;
      logE[i] = logEProcess(estimate, error, 2 * n, rho);
      p[i] = 2 * normalUpperTail(Math.abs(estimate) / error);
    }
    for (const i of eBenjaminiHochbergLog(logE, alpha)) lockedE[i] = 1;
    for (const i of closedEBenjaminiHochbergLog(logE, alpha)) lockedClosed[i] = 1;
    benjaminiHochberg(p).forEach((adjusted, i) => {
      if (adjusted <= alpha) lockedP[i] = 1;
    });
  }
  const score = (locked: Uint8Array) => {
    let found = 0;
    let wrong = 0;
    locked.forEach((flag, i) => {
      if (!flag) return;
      if (truth[i] === 0) wrong += 1;
      else found += 1;
    });
    return { falseDiscoveries: found + wrong === 0 ? 0 : wrong / (found + wrong), power: found / (apps * effective) };
  };
  return { closedEBh: score(lockedClosed), eBh: score(lockedE), rerunBh: score(lockedP) };
}
