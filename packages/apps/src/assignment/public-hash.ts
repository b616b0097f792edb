/** FNV-1a, 32 bits, over UTF-16 code units, as the public SDKs have it (offset 0x811c9dc5, prime 0x01000193). */
function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * The public v2 assignment hash: fnv1a32(str(fnv1a32(seed + unit))) % 10000 / 10000, in [0, 1). Any SDK can reproduce it.
 * To be replaced by the lift room's export of the same formula.
 */
export function publicHash(seed: string, unit: string): number {
  return (fnv1a32(String(fnv1a32(seed + unit))) % 10_000) / 10_000;
}
