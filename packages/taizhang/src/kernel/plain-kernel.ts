import { type RealBytes, sumBlock } from './contraction-kernel.ts';
import type { Kernel } from './kernel-interface.ts';

/**
 * The contraction kernels in plain JavaScript, for engines without WebAssembly SIMD: the same tables, the same order of
 * arithmetic, each operation rounded to the same precision, so results equal those of the SIMD kernels bit for bit.
 */
export function plainKernel(realBytes: RealBytes, buffer: ArrayBuffer): Kernel {
  const table = new Int32Array(buffer);
  const real = realBytes === 4 ? new Float32Array(buffer) : new Float64Array(buffer);
  const shift = realBytes === 4 ? 2 : 3;
  const round: (value: number) => number = realBytes === 4 ? Math.fround : (value) => value;
  const lanes = 16 / realBytes;
  const block = realBytes === 4 ? sumBlock : Number.POSITIVE_INFINITY;
  const at = (a: number, b: number, c: number) => ((a + b + c) >>> 0) >>> shift;

  const pack = (...numbers: number[]) => {
    const [b, packed, batchTable, batchCount, kTable, kCount, nTable, nCount, columns] = numbers.map(
      (value) => value >>> 0,
    ) as [number, number, number, number, number, number, number, number, number];
    for (let batch = 0; batch < batchCount; batch++) {
      const from = b + table[batchTable / 4 + 2 * batch]!;
      let to = (packed + table[batchTable / 4 + 2 * batch + 1]!) >>> shift;
      for (let n = 0; n < nCount; n += columns)
        for (let k = 0; k < kCount; k++)
          for (let j = 0; j < columns; j++) {
            const source = at(from, table[kTable / 4 + k]!, table[nTable / 4 + n + j]!);
            real[to++] = real[source]!;
            real[to++] = real[source + 1]!;
          }
    }
  };

  const contract =
    (columns: number) =>
    (...numbers: number[]) => {
      const [
        a,
        c,
        packed,
        ,
        batchTable,
        batchCount,
        midTable,
        midCount,
        lowTable,
        lowGroups,
        kTable,
        kCount,
        nTable,
        nCount,
      ] = numbers.map((value) => value >>> 0) as number[] & { length: 15 };
      const result = new Float64Array(2 * nCount!);
      for (let mid = 0; mid < midCount!; mid++)
        for (let batch = 0; batch < batchCount!; batch++) {
          const a0 = a! + table[midTable! / 4 + 2 * mid]! + table[batchTable! / 4 + 3 * batch]!;
          const c0 = c! + table[midTable! / 4 + 2 * mid + 1]! + table[batchTable! / 4 + 3 * batch + 1]!;
          const b0 = (packed! + table[batchTable! / 4 + 3 * batch + 2]!) >>> shift;
          for (let row = 0; row < lowGroups! * lanes; row++) {
            const aRow = table[lowTable! / 4 + 2 * row]!;
            const cRow = table[lowTable! / 4 + 2 * row + 1]!;
            for (let n = 0; n < nCount!; n++) {
              // Packed columns: group of `columns`, then k, then the column within the group.
              let b = b0 + 2 * ((n - (n % columns)) * kCount! + (n % columns));
              let re = 0;
              let im = 0;
              let blockRe = 0;
              let blockIm = 0;
              for (let k = 0; k < kCount!; k++, b += 2 * columns) {
                const from = at(a0, table[kTable! / 4 + k]!, aRow);
                const ar = real[from]!;
                const ai = real[from + 1]!;
                const br = real[b]!;
                const bi = real[b + 1]!;
                blockRe = round(round(blockRe + round(ar * br)) - round(ai * bi));
                blockIm = round(round(blockIm + round(ar * bi)) + round(ai * br));
                if ((k + 1) % block !== 0 && k + 1 < kCount!) continue;
                re += blockRe;
                im += blockIm;
                blockRe = 0;
                blockIm = 0;
              }
              result[2 * n] = re;
              result[2 * n + 1] = im;
            }
            // Written only now: A and C may be the same tensor.
            for (let n = 0; n < nCount!; n++) {
              const to = at(c0, table[nTable! / 4 + n]!, cRow);
              real[to] = result[2 * n]!;
              real[to + 1] = result[2 * n + 1]!;
            }
          }
        }
    };
  return { kind: 'plain', buffer, contract: { 1: contract(1), 2: contract(2), 4: contract(4) }, pack };
}
