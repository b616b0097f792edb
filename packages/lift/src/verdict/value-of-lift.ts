import type { Interval } from '../compare/effect.ts';

/** Money that an effect is worth, in integer micros of one currency. */
export interface LiftValue {
  readonly earnedMicros: number;
  readonly earnedIntervalMicros: Interval;
  readonly spentMicros: number;
  readonly netMicros: number;
  readonly netIntervalMicros: Interval;
  /** Net per 1,000 tokens and per unit of money spent; null where nothing was used. */
  readonly netMicrosPerThousandTokens: number | null;
  readonly earnedPerSpent: number | null;
}

const whole = (value: number) => (Number.isFinite(value) ? Math.round(value) : value);

/**
 * Value = shrunken Δ × money per KPI unit × exposed units − cost, with the interval of Δ carried along. LIFT.md, "From
 * lift to money to capacity".
 *
 * @param input.difference Shrunken absolute effect per unit.
 * @param input.moneyMicros Declared value of one KPI unit; negative when a decrease is good.
 */
export function valueOfLift(input: {
  difference: number;
  interval: Interval;
  moneyMicros: number;
  exposedUnits: number;
  spentMicros: number;
  tokens?: number;
}): LiftValue {
  const { difference, interval, moneyMicros, exposedUnits, spentMicros, tokens = 0 } = input;
  const scale = moneyMicros * exposedUnits;
  // an open end times nothing is nothing
  const ends = interval.map((end) => (scale === 0 ? 0 : whole(end * scale)));
  const earned: Interval = [Math.min(...ends), Math.max(...ends)];
  const earnedMicros = whole(difference * scale);
  const netMicros = earnedMicros - spentMicros;
  return {
    earnedMicros,
    earnedIntervalMicros: earned,
    spentMicros,
    netMicros,
    netIntervalMicros: [earned[0] - spentMicros, earned[1] - spentMicros],
    netMicrosPerThousandTokens: tokens > 0 ? (1000 * netMicros) / tokens : null,
    earnedPerSpent: spentMicros > 0 ? earnedMicros / spentMicros : null,
  };
}
