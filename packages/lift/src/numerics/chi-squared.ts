import { findRoot } from './find-root.ts';
import { gammaP, gammaQ } from './gamma.ts';

/** Upper tail P(X > x) of χ² with the given degrees of freedom. Abramowitz & Stegun 26.4.19. */
export const chiSquaredUpperTail = (x: number, degrees: number): number => (x <= 0 ? 1 : gammaQ(degrees / 2, x / 2));

/** Distribution function of χ². */
export const chiSquaredCdf = (x: number, degrees: number): number => (x <= 0 ? 0 : gammaP(degrees / 2, x / 2));

/** Quantile of χ², by a bracketed search. */
export function chiSquaredQuantile(p: number, degrees: number): number {
  let high = degrees + 10 * Math.sqrt(2 * degrees) + 10;
  while (chiSquaredCdf(high, degrees) < p) high *= 2;
  return p <= 0 ? 0 : findRoot((x) => chiSquaredCdf(x, degrees) - p, 0, high);
}
