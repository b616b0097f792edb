import type { Random } from '../ir/random.ts';

/**
 * A stabiliser state of n qubits (Aaronson and Gottesman, quant-ph/0406196). Stored column by column: for each qubit the
 * X and the Z bits of all 2n generators as 32-bit words, so that a gate is a few word operations over one column.
 */
export interface Tableau {
  readonly qubitCount: number;
  readonly h: (qubit: number) => void;
  readonly s: (qubit: number) => void;
  readonly x: (qubit: number) => void;
  readonly z: (qubit: number) => void;
  readonly cx: (control: number, target: number) => void;
  /** null when both outcomes are equally likely, else the certain outcome. */
  readonly certain: (qubit: number) => 0 | 1 | null;
  readonly measure: (qubit: number, random: Random) => 0 | 1;
}

export function createTableau(n: number): Tableau {
  // Rows 0…n-1 are destabilisers, n…2n-1 stabilisers, row 2n is scratch. Kept by rows for measurement and by columns for
  // gates would need a transposition; rows of words per generator measure fastest, and gates touch one bit a row.
  const words = Math.ceil(n / 32);
  const rows = 2 * n + 1;
  const xs = new Int32Array(rows * words);
  const zs = new Int32Array(rows * words);
  const sign = new Uint8Array(rows);
  for (let i = 0; i < n; i++) {
    xs[i * words + (i >>> 5)] = 1 << (i & 31);
    zs[(n + i) * words + (i >>> 5)] = 1 << (i & 31);
  }

  const h = (q: number) => {
    const shift = q & 31;
    for (let row = 0, at = q >>> 5; row < 2 * n; row++, at += words) {
      const x = (xs[at]! >>> shift) & 1;
      const z = (zs[at]! >>> shift) & 1;
      sign[row] = sign[row]! ^ (x & z);
      if (x !== z) {
        xs[at] = xs[at]! ^ (1 << shift);
        zs[at] = zs[at]! ^ (1 << shift);
      }
    }
  };
  const s = (q: number) => {
    const bit = 1 << (q & 31);
    for (let row = 0, at = q >>> 5; row < 2 * n; row++, at += words) {
      if ((xs[at]! & bit) === 0) continue;
      if ((zs[at]! & bit) !== 0) sign[row] = sign[row]! ^ 1;
      zs[at] = zs[at]! ^ bit;
    }
  };
  const pauli = (bits: Int32Array) => (q: number) => {
    const shift = q & 31;
    for (let row = 0, at = q >>> 5; row < 2 * n; row++, at += words)
      sign[row] = sign[row]! ^ ((bits[at]! >>> shift) & 1);
  };
  const cx = (c: number, t: number) => {
    const [cs, ts] = [c & 31, t & 31];
    for (let row = 0, base = 0; row < 2 * n; row++, base += words) {
      const ca = base + (c >>> 5);
      const ta = base + (t >>> 5);
      const xc = (xs[ca]! >>> cs) & 1;
      const zc = (zs[ca]! >>> cs) & 1;
      const xt = (xs[ta]! >>> ts) & 1;
      const zt = (zs[ta]! >>> ts) & 1;
      sign[row] = sign[row]! ^ (xc & zt & (xt ^ zc ^ 1));
      if (xc) xs[ta] = xs[ta]! ^ (1 << ts);
      if (zt) zs[ca] = zs[ca]! ^ (1 << cs);
    }
  };
  /** Row h becomes the product of rows i and h, with the phase of section III counted 32 qubits at a time. */
  const rowSum = (into: number, from: number) => {
    let plus = 0;
    let minus = 0;
    for (let w = 0, a = from * words, b = into * words; w < words; w++, a++, b++) {
      const [x1, z1, x2, z2] = [xs[a]!, zs[a]!, xs[b]!, zs[b]!];
      plus += bitCount((x1 & z1 & z2 & ~x2) | (x1 & ~z1 & z2 & x2) | (~x1 & z1 & x2 & ~z2));
      minus += bitCount((x1 & z1 & x2 & ~z2) | (x1 & ~z1 & z2 & ~x2) | (~x1 & z1 & x2 & z2));
      xs[b] = x1 ^ x2;
      zs[b] = z1 ^ z2;
    }
    const phase = (2 * sign[into]! + 2 * sign[from]! + plus - minus) & 3;
    sign[into] = phase >> 1;
  };
  const anticommuting = (q: number, start: number, end: number) => {
    const bit = 1 << (q & 31);
    for (let row = start, at = start * words + (q >>> 5); row < end; row++, at += words)
      if ((xs[at]! & bit) !== 0) return row;
    return -1;
  };
  const certain = (q: number): 0 | 1 | null => {
    if (anticommuting(q, n, 2 * n) >= 0) return null;
    const scratch = 2 * n;
    xs.fill(0, scratch * words);
    zs.fill(0, scratch * words);
    sign[scratch] = 0;
    const bit = 1 << (q & 31);
    for (let i = 0; i < n; i++) if ((xs[i * words + (q >>> 5)]! & bit) !== 0) rowSum(scratch, n + i);
    return sign[scratch] as 0 | 1;
  };
  const measure = (q: number, random: Random): 0 | 1 => {
    const p = anticommuting(q, n, 2 * n);
    if (p < 0) return certain(q)!;
    const bit = 1 << (q & 31);
    for (let row = 0; row < 2 * n; row++) if (row !== p && (xs[row * words + (q >>> 5)]! & bit) !== 0) rowSum(row, p);
    xs.copyWithin((p - n) * words, p * words, (p + 1) * words);
    zs.copyWithin((p - n) * words, p * words, (p + 1) * words);
    sign[p - n] = sign[p]!;
    xs.fill(0, p * words, (p + 1) * words);
    zs.fill(0, p * words, (p + 1) * words);
    zs[p * words + (q >>> 5)] = bit;
    const outcome = random() < 0.5 ? 1 : 0;
    sign[p] = outcome;
    return outcome;
  };
  // X flips the sign of rows with Z there, and the other way round.
  return { qubitCount: n, h, s, x: pauli(zs), z: pauli(xs), cx, certain, measure };
}

function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
