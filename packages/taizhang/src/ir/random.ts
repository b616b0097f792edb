/** A stream of numbers in [0, 1). */
export type Random = () => number;

/**
 * A small seeded generator (sfc32, Chris Doty-Humphrey's PractRand), the same on every machine.
 *
 * @param seed Any finite number; equal seeds give equal streams.
 */
export function seededRandom(seed: number): Random {
  let a = 0x9e3779b9 | 0;
  let b = Math.imul(seed | 0, 0x85ebca6b) ^ Math.floor(seed / 4294967296);
  let c = seed | 0;
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}
