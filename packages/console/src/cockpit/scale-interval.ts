import type { Bounds } from '@myriad/contracts';

export type Direction = 'increase' | 'decrease';

/** Turned so that more is better: for a KPI that should fall, the sign and the ends change places. */
export function oriented(bounds: Bounds, direction: Direction): Bounds {
  if (direction === 'increase') return bounds;
  const turned = (value: number | null) => (value === null ? null : 0 - value);
  return { estimate: 0 - bounds.estimate, low: turned(bounds.high), high: turned(bounds.low) };
}

export type Sureness = 'better' | 'worse' | 'open';

/** What the interval alone says: surely better, surely worse, or open. */
export function surenessOf(bounds: Bounds, direction: Direction): Sureness {
  const { low, high } = oriented(bounds, direction);
  if (low !== null && low > 0) return 'better';
  if (high !== null && high < 0) return 'worse';
  return 'open';
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A span that holds zero, every estimate, and every end up to three times the largest estimate: one wild interval must not squeeze the rest. */
export function spanOf(all: readonly Bounds[]): Span {
  const largest = Math.max(0, ...all.map(({ estimate }) => Math.abs(estimate)));
  const limit = largest > 0 ? largest * 3 : Number.POSITIVE_INFINITY;
  const ends = all
    .flatMap(({ estimate, low, high }) => [estimate, low, high])
    .filter((value) => value !== null)
    .map((value) => Math.max(-limit, Math.min(limit, value)));
  const from = Math.min(0, ...ends);
  const to = Math.max(0, ...ends);
  return from === to ? { from: -1, to: 1 } : { from, to };
}

/** Place of a value on a line of `length`, never outside it. */
export function placeIn({ from, to }: Span, value: number, length: number): number {
  return Math.max(0, Math.min(length, ((value - from) / (to - from)) * length));
}

export interface Mark {
  readonly zero: number;
  readonly dot: number;
  readonly start: number;
  readonly end: number;
  /** The interval goes on beyond what is drawn. */
  readonly openStart: boolean;
  readonly openEnd: boolean;
}

/** Where to draw an interval in a span, `length` long. */
export function scaleInterval(bounds: Bounds, span: Span, length: number): Mark {
  const { estimate, low, high } = bounds;
  return {
    zero: placeIn(span, 0, length),
    dot: placeIn(span, estimate, length),
    start: low === null ? 0 : placeIn(span, low, length),
    end: high === null ? length : placeIn(span, high, length),
    openStart: low === null || low < span.from,
    openEnd: high === null || high > span.to,
  };
}
