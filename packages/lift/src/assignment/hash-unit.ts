/**
 * FNV-1a, 32 bits, over UTF-16 code units (so that any JavaScript SDK agrees). Fowler, Noll & Vo; RFC 9923.
 */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/**
 * Position of a unit in [0, 1) for a seed, by the public hash that other SDKs use too.
 * Version 2: fnv1a32(str(fnv1a32(seed+unit))) % 10000 / 10000; version 1: fnv1a32(unit+seed) % 1000 / 1000.
 *
 * @returns null for versions that do not exist.
 */
export function hashUnit(seed: string, unit: string, version?: 1 | 2): number;
export function hashUnit(seed: string, unit: string, version: number): number | null;
export function hashUnit(seed: string, unit: string, version: number = 2): number | null {
  if (version === 2) return (fnv1a32(String(fnv1a32(seed + unit))) % 10000) / 10000;
  if (version === 1) return (fnv1a32(unit + seed) % 1000) / 1000;
  return null;
}
