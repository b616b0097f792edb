import type { GlobalHoldoutAnswer } from '@myriad/contracts';
import { aggregateOf, armMoments, compareKpi, DEFAULT_TUNING, estimateAggregates, LiftError } from '@myriad/lift';
import type { GlobalHoldout } from '../decide/standing-effects.ts';
import { leastUnitsPerArm, shownAlpha } from '../measure/compare-book.ts';
import type { HoldoutBook } from '../measure/holdout-book.ts';
import { bounds } from './portfolio-row.ts';

/** Money a unit and in all, by the always-valid sequence on treated less held out. */
export function holdoutAnswer(
  holdout: GlobalHoldout | null,
  book: HoldoutBook | null,
  currency: string,
): GlobalHoldoutAnswer {
  if (!holdout || !book)
    return { ratio: 0, since: null, heldOut: 0, treated: 0, perUnit: null, earned: null, currency, kpis: [] };
  const aggregate = aggregateOf(book.ledger);
  const control = armMoments(aggregate, 0);
  const treatment = armMoments(aggregate, 1);
  const heldOut = control[0] as number;
  const treated = treatment[0] as number;
  const base = { ratio: holdout.ratio, since: holdout.since, heldOut, treated, currency, kpis: [...book.kpis.keys()] };
  const unknown = { ...base, perUnit: null, earned: null };
  if (Math.min(heldOut, treated) < leastUnitsPerArm) return unknown;
  try {
    const pair = estimateAggregates(aggregate.shape, control, treatment);
    const looks = { kind: 'sequential', tuning: DEFAULT_TUNING } as const;
    const { difference, interval } = compareKpi(pair, looks, shownAlpha, false);
    const [low, high] = interval;
    return {
      ...base,
      perUnit: bounds(difference, interval),
      earned: bounds(difference * treated, [low * treated, high * treated]),
    };
  } catch (error) {
    if (error instanceof LiftError) return unknown;
    throw error;
  }
}
