/** Field-wise sum of two plain records of totals over disjoint units. @throws TypeError when the fields differ. */
export function mergeSums<T extends Readonly<Record<string, number | string | null>>>(a: T, b: T): T {
  const merged: Record<string, number | string | null> = {};
  for (const [key, left] of Object.entries(a)) {
    const right = b[key];
    if (typeof left === 'number' && typeof right === 'number') merged[key] = left + right;
    else if (left === right) merged[key] = left;
    else throw new TypeError(`the sums differ in "${key}"`);
  }
  return merged as T;
}
