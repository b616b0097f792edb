import type { Random } from '@myriad/contracts';

const poolBytes = 4_096;

/** Draws random bytes in larger pieces: asking the platform's source for sixteen at a time costs more than the rest of an id. */
export function pooledRandom(source: Random): Random {
  let pool: Uint8Array = new Uint8Array(0);
  let at = 0;
  return {
    next: () => source.next(),
    bytes(size) {
      if (size > poolBytes) return source.bytes(size);
      if (at + size > pool.length) {
        pool = source.bytes(poolBytes);
        at = 0;
      }
      at += size;
      return pool.slice(at - size, at);
    },
  };
}
