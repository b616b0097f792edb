/**
 * Micros from a price in whole units, exactly rounded; null for anything that is not a number of at least 0.
 *
 * @param scale Tokens that the price is for, against a million: 1 for "per million", 1,000,000 for "per token".
 */
export function microsOf(value: unknown, scale = 1): number | null {
  const price = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof price !== 'number' || !Number.isFinite(price) || price < 0) return null;
  // Twelve significant digits undo the binary tail of prices such as 1.5e-7 a token.
  return Math.round(Number((price * scale * 1_000_000).toPrecision(12)));
}
