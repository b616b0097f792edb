import { DEFAULT_TUNING, logEProcess, sequenceMultiplier, sequenceRho } from '../compare/asymptotic-sequence.ts';
import { eBenjaminiHochbergLog } from '../many/e-bh.ts';
import { normalSampler, seededRandom } from '../numerics/random.ts';
import { fitShares, nextShare, SHARE_ALPHA } from '../verdict/next-share.ts';

export interface SharesOutcome {
  /** Share of runs in which no app without effect ever stood above its base. */
  readonly runsWithoutNullGain: number;
  /** Share of truly good apps that stood above their base at the end. */
  readonly goodAppsRaised: number;
  /** Share of truly harmful apps that stood below their base at the end. */
  readonly badAppsLowered: number;
}

/** Runs the nightly share rule over a portfolio of apps: most without effect, some good, some harmful. */
export function simulateShares(plan: {
  runs: number;
  apps: number;
  days: number;
  unitsPerDay: number;
  effect: number;
  good: number;
  bad: number;
  seed: number;
  alpha?: number;
  tuning?: number;
}): SharesOutcome {
  const { runs, apps, days, unitsPerDay, effect, alpha = SHARE_ALPHA, tuning = DEFAULT_TUNING } = plan;
  const normal = normalSampler(seededRandom(plan.seed));
  const rho = sequenceRho(alpha, tuning);
  const base = 0.9 / apps;
  const bases = new Array<number>(apps).fill(base);
  const truth = bases.map((_, i) => (i < plan.good ? effect : i < plan.good + plan.bad ? -effect : 0));
  const tally = { clean: 0, raised: 0, lowered: 0 };
  for (let run = 0; run < runs; run++) {
    const total = new Float64Array(apps);
    let shares = [...bases];
    let nullGained = false;
    for (let day = 1; day <= days; day++) {
      const n = day * unitsPerDay;
      const error = Math.sqrt(2 / n);
      const half = sequenceMultiplier(2 * n, alpha, tuning) * error;
      const logE = new Float64Array(apps);
      for (let i = 0; i < apps; i++) {
        total[i] = (total[i] as number) + unitsPerDay * (truth[i] as number) + Math.sqrt(2 * unitsPerDay) * normal();
        logE[i] = logEProcess((total[i] as number) / n, error, 2 * n, rho);
      }
      const selected = new Set(eBenjaminiHochbergLog(logE, alpha));
      const decided = shares.map(
        (current, i) =>
          nextShare({
            current,
            base,
            floor: base / 10,
            enabled: true,
            lower: (total[i] as number) / n - half,
            upper: (total[i] as number) / n + half,
            selected: selected.has(i),
            guardrailTripped: false,
            blocked: false,
          }).share,
      );
      shares = fitShares(
        decided,
        bases,
        bases.map((_, i) => !selected.has(i)),
      ).shares;
      if (shares.some((share, i) => truth[i] === 0 && share > base * (1 + 1e-9))) nullGained = true;
    }
    if (!nullGained) tally.clean += 1;
    shares.forEach((share, i) => {
      if ((truth[i] as number) > 0 && share > base) tally.raised += 1;
      if ((truth[i] as number) < 0 && share < base) tally.lowered += 1;
    });
  }
  return {
    runsWithoutNullGain: tally.clean / runs,
    goodAppsRaised: plan.good === 0 ? 0 : tally.raised / (runs * plan.good),
    badAppsLowered: plan.bad === 0 ? 0 : tally.lowered / (runs * plan.bad),
  };
}
