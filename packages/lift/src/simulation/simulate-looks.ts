import { DEFAULT_TUNING, sequenceMultiplier } from '../compare/asymptotic-sequence.ts';
import { normalQuantile } from '../numerics/normal.ts';
import { seededRandom } from '../numerics/random.ts';
import { drawUnit, type OutcomeShape, outcomePopulation } from './outcome-shapes.ts';

export interface LooksPlan {
  readonly shape: OutcomeShape;
  /** True relative lift of the treatment; 0 for A/A. */
  readonly lift: number;
  readonly runs: number;
  readonly looks: number;
  /** New units per arm between looks. */
  readonly unitsPerLook: number;
  readonly alpha?: number;
  readonly tuning?: number;
  readonly seed: number;
}

/** Share of runs in which, at *any* look, the truth lay outside. */
export interface LooksOutcome {
  /** Asymptotic sequence on the absolute difference. */
  readonly absolute: number;
  /** Fieller set of the relative lift. */
  readonly relative: number;
  /** The delta-method error inside the sequence, as peers do it: for comparison. */
  readonly deltaRelative: number;
  /** A fixed-horizon test looked at every time. */
  readonly naive: number;
  /** Share of runs in which the sequence ever excluded "no difference". */
  readonly detected: number;
}

/**
 * Simulates experiments looked at again and again. Each method is asked only whether the *true* value is still inside,
 * which is A/A error at lift 0 and miscoverage otherwise. Looks without any variance yet are passed over.
 */
export function simulateLooks(plan: LooksPlan): LooksOutcome {
  const { shape, lift, runs, looks, unitsPerLook, alpha = 0.05, tuning = DEFAULT_TUNING, seed } = plan;
  const random = seededRandom(seed);
  const control = outcomePopulation(shape);
  const treatment = outcomePopulation(shape, lift);
  const trueDifference = treatment.mean - control.mean;
  const trueLift = trueDifference / Math.abs(control.mean);
  const z = Array.from({ length: looks }, (_, look) =>
    sequenceMultiplier(2 * (look + 1) * unitsPerLook, alpha, tuning),
  );
  const zNaive = normalQuantile(1 - alpha / 2);
  const missed = { absolute: 0, relative: 0, deltaRelative: 0, naive: 0, detected: 0 };
  for (let run = 0; run < runs; run++) {
    let [sumC, squareC, sumT, squareT] = [0, 0, 0, 0];
    const out = { absolute: false, relative: false, deltaRelative: false, naive: false, detected: false };
    for (let look = 0; look < looks; look++) {
      for (let i = 0; i < unitsPerLook; i++) {
        const c = drawUnit(control, random);
        const t = drawUnit(treatment, random);
        sumC += c;
        squareC += c * c;
        sumT += t;
        squareT += t * t;
      }
      const n = (look + 1) * unitsPerLook;
      const meanC = sumC / n;
      const meanT = sumT / n;
      const varC = (squareC - sumC * meanC) / (n - 1) / n;
      const varT = (squareT - sumT * meanT) / (n - 1) / n;
      if (!(varC + varT > 0)) continue;
      const width = z[look] as number;
      const difference = meanT - meanC;
      const error = Math.sqrt(varC + varT);
      const gap = Math.abs(difference - trueDifference);
      if (gap > width * error) out.absolute = true;
      if (gap > zNaive * error) out.naive = true;
      if (Math.abs(difference) > width * error) out.detected = true;
      // the Fieller set, asked at the true lift: |ȳt − (1+L)ȳc| against its own error
      const contrast = Math.abs(meanT - (1 + trueLift) * meanC);
      if (contrast > width * Math.sqrt(varT + (1 + trueLift) ** 2 * varC)) out.relative = true;
      if (meanC !== 0) {
        const delta = Math.sqrt(varT / meanC ** 2 + (varC * meanT ** 2) / meanC ** 4);
        if (delta > 0 && Math.abs(difference / Math.abs(meanC) - trueLift) > width * delta) out.deltaRelative = true;
      }
    }
    for (const key of Object.keys(missed) as (keyof typeof missed)[]) if (out[key]) missed[key] += 1;
  }
  return Object.fromEntries(
    Object.entries(missed).map(([key, count]) => [key, count / runs]),
  ) as unknown as LooksOutcome;
}

/** Upper end of the exact 95 % one-sided interval of a rate, by Wilson's score (Wilson 1927). */
export function upperRate(rate: number, runs: number): number {
  const z = normalQuantile(0.95);
  const centre = rate + (z * z) / (2 * runs);
  const half = z * Math.sqrt((rate * (1 - rate)) / runs + (z * z) / (4 * runs * runs));
  return (centre + half) / (1 + (z * z) / runs);
}
