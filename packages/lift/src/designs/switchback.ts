import { hashUnit } from '../assignment/hash-unit.ts';
import { absoluteEffect } from '../compare/effect.ts';
import { fixedHorizon, type TestResult } from '../compare/fixed-horizon.ts';
import { LiftError } from '../lift-error.ts';
import { estimateRatio } from '../metrics/ratio.ts';

/** Totals of one block of time under one variant, after its washout was left out. */
export interface SwitchbackBlock {
  readonly variant: 'control' | 'treatment';
  readonly sum: number;
  readonly count: number;
}

/**
 * Variant of a block of time, by the public hash: blocks go in pairs, one of each variant, the order of a pair drawn
 * at random; so both variants always have equal time and no trend of a day can favour one.
 */
export function switchbackVariant(seed: string, block: number): 'control' | 'treatment' {
  const first = hashUnit(seed, String(Math.floor(block / 2))) < 0.5;
  return (block % 2 === 0) === first ? 'treatment' : 'control';
}

/** Whether a moment lies in the washout at the start of its block, when the last variant may still act. */
export function inWashout(atMs: number, startMs: number, blockMs: number, washoutMs: number): boolean {
  return (((atMs - startMs) % blockMs) + blockMs) % blockMs < washoutMs;
}

/**
 * Effect of a switchback experiment on a mean per event. A block is the unit: events inside one are not independent,
 * so errors come from how block totals vary (ratio of sums, delta method over blocks), with Welch's degrees of
 * freedom counted in blocks. Bojinov, Simchi-Levi & Zhao (2023), "Design and Analysis of Switchback Experiments".
 *
 * @throws LiftError `not_enough_data` under two blocks a variant.
 */
export function switchbackEffect(blocks: readonly SwitchbackBlock[], options: { alpha?: number } = {}): TestResult {
  const sums = (variant: SwitchbackBlock['variant']) => {
    const own = blocks.filter((block) => block.variant === variant);
    if (own.length < 2) {
      throw new LiftError('not_enough_data', `The ${variant} has ${own.length} blocks; two are the least.`, {
        variant,
      });
    }
    const total = (f: (block: SwitchbackBlock) => number) => own.reduce((sum, block) => sum + f(block), 0);
    return estimateRatio({
      type: 'ratio',
      n: own.length,
      m_sum: total((b) => b.sum),
      m_sum_squares: total((b) => b.sum * b.sum),
      d_sum: total((b) => b.count),
      d_sum_squares: total((b) => b.count * b.count),
      md_sum: total((b) => b.sum * b.count),
    });
  };
  const pair = { control: sums('control'), treatment: sums('treatment'), theta: 0 };
  return fixedHorizon(absoluteEffect(pair), options);
}
