import {
  bump,
  type Code,
  doWhile,
  either,
  f32x4,
  f64x2,
  forUp,
  get,
  i32,
  type Local,
  set,
  v128,
  type WasmFunction,
  wasmFunction,
  wordLanes,
} from './wasm-assembler.ts';

/** Bytes of a real number: 4 for complex64, 8 for complex128. */
export type RealBytes = 4 | 8;

interface LaneType {
  /** Complex numbers handled by one pair of vectors. */
  readonly lanes: number;
  readonly add: (a: Code, b: Code) => Code;
  readonly sub: (a: Code, b: Code) => Code;
  readonly mul: (a: Code, b: Code) => Code;
  readonly splat: (address: Code, offset?: number) => Code;
  readonly evens: readonly number[];
  readonly odds: readonly number[];
  readonly lows: readonly number[];
  readonly highs: readonly number[];
}

const laneTypes: Readonly<Record<RealBytes, LaneType>> = {
  4: {
    ...f32x4,
    lanes: 4,
    splat: v128.load32Splat,
    evens: wordLanes([0, 2, 4, 6]),
    odds: wordLanes([1, 3, 5, 7]),
    lows: wordLanes([0, 4, 1, 5]),
    highs: wordLanes([2, 6, 3, 7]),
  },
  8: {
    ...f64x2,
    lanes: 2,
    splat: v128.load64Splat,
    evens: wordLanes([0, 1, 4, 5]),
    odds: wordLanes([2, 3, 6, 7]),
    lows: wordLanes([0, 1, 4, 5]),
    highs: wordLanes([2, 3, 6, 7]),
  },
};

/** Terms that are added up in singles before a sum of complex64 goes on in doubles. */
export const sumBlock = 32;

/** Bytes at the front of the scratch memory that hold such sums; the panel follows. */
export const sumBytes = 512;

/** Columns of B that one tile takes. */
export type TileColumns = 1 | 2 | 4;

/**
 * Kernels of C[m, n] = Σ_k A[m, k]·B[k, n] over tensors in any layout (permutation and multiplication in one, after the
 * block-scatter method of Matthews, arXiv 1607.00291). Offsets of an entry are sums of table entries in bytes, so no
 * tensor is ever transposed in memory.
 *
 * `contract<columns>(a, c, packedB, scratch, batchTable, batchCount, midTable, midCount, lowTable, lowGroups, kTable, k,
 * nTable, nCount, flags)` runs over mid × batch; for each it packs a panel of A (lowGroups × lanes rows by k) as split re
 * and im vectors and multiplies it with the packed B of that batch. Tables: batch (a, c, packed b), mid (a, c), low (a, c)
 * a row, k (a), n (c). Flags: 1 = rows of a group are adjacent in A, 2 = in C.
 * The order of arithmetic of every entry is re = (re + ar·br) − ai·bi, im = (im + ar·bi) + ai·br for rising k, rounded
 * after each operation; in complex64, blocks of 32 terms are added up in doubles. The plain fallback repeats it bit for bit.
 */
export function contractionKernel(realBytes: RealBytes, columns: TileColumns): WasmFunction {
  const type = laneTypes[realBytes];
  const { lanes, add, sub, mul, splat } = type;
  const c = i32.constant;
  return wasmFunction(`contract${columns}`, new Array(15).fill('i32'), (parameters, local) => {
    const [
      aBase,
      cBase,
      packedB,
      scratch,
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
      flags,
    ] = parameters as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const int = () => local('i32');
    const vec = () => local('v128');
    const [mid, midEnd, batch, batchEnd, a0, c0, column, k, row, rowEnd, to, from, address] = [
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
    ] as const;
    const [pa, pb, n, nEnd, paEnd, panelBytes, rowC, blockEnd] = [
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
    ] as const;
    const [ar, ai, v0, v1] = [vec(), vec(), vec(), vec()] as const;
    const re = Array.from({ length: columns }, vec);
    const im = Array.from({ length: columns }, vec);
    const complexBytes = 2 * realBytes;

    /** Loads one complex number a lane from addresses from + table[row + 8·lane]. */
    const gather: Code =
      realBytes === 4
        ? [
            set(v0, v128.load64Zero(i32.add(get(from), i32.load(get(row), 0)))),
            set(v0, v128.load64Lane(i32.add(get(from), i32.load(get(row), 8)), get(v0), 1)),
            set(v1, v128.load64Zero(i32.add(get(from), i32.load(get(row), 16)))),
            set(v1, v128.load64Lane(i32.add(get(from), i32.load(get(row), 24)), get(v1), 1)),
          ]
        : [
            set(v0, v128.load(i32.add(get(from), i32.load(get(row), 0)))),
            set(v1, v128.load(i32.add(get(from), i32.load(get(row), 8)))),
          ];
    const adjacent: Code = [
      set(address, i32.add(get(from), i32.load(get(row)))),
      set(v0, v128.load(get(address))),
      set(v1, v128.load(get(address), 16)),
    ];
    /** Packs the panel: for each k, for each group of rows, re and im vectors at scratch + group·k·32 + k·32. */
    const packWith = (load: Code): Code => [
      forUp(k, c(0), get(kCount), c(1), [
        set(from, i32.add(get(a0), i32.load(i32.add(get(kTable), i32.shl(get(k), c(2)))))),
        set(to, i32.add(i32.add(get(scratch), c(sumBytes)), i32.shl(get(k), c(5)))),
        forUp(row, get(lowTable), get(rowEnd), c(8 * lanes), [
          load,
          v128.store(get(to), v128.shuffle(get(v0), get(v1), type.evens)),
          v128.store(get(to), v128.shuffle(get(v0), get(v1), type.odds), 16),
          bump(to, get(panelBytes)),
        ]),
      ]),
    ];
    const storeScattered = (j: number): Code => {
      const at = (lane: number) => i32.add(get(address), i32.load(get(rowC), 8 * lane + 4));
      return [
        set(address, i32.add(get(c0), i32.load(get(n), 4 * j))),
        set(v0, v128.shuffle(get(re[j]!), get(im[j]!), type.lows)),
        set(v1, v128.shuffle(get(re[j]!), get(im[j]!), type.highs)),
        realBytes === 4
          ? [
              v128.store64Lane(at(0), get(v0), 0),
              v128.store64Lane(at(1), get(v0), 1),
              v128.store64Lane(at(2), get(v1), 0),
              v128.store64Lane(at(3), get(v1), 1),
            ]
          : [v128.store(at(0), get(v0)), v128.store(at(1), get(v1))],
      ];
    };
    const storeAdjacent = (j: number): Code => [
      set(address, i32.add(i32.add(get(c0), i32.load(get(n), 4 * j)), i32.load(get(rowC), 4))),
      v128.store(get(address), v128.shuffle(get(re[j]!), get(im[j]!), type.lows)),
      v128.store(get(address), v128.shuffle(get(re[j]!), get(im[j]!), type.highs), 16),
    ];
    const step: Code = [
      set(ar, v128.load(get(pa))),
      set(ai, v128.load(get(pa), 16)),
      re.map((_, j) => [
        set(v0, splat(get(pb), j * complexBytes)),
        set(v1, splat(get(pb), j * complexBytes + realBytes)),
        set(re[j]!, sub(add(get(re[j]!), mul(get(ar), get(v0))), mul(get(ai), get(v1)))),
        set(im[j]!, add(add(get(im[j]!), mul(get(ar), get(v1))), mul(get(ai), get(v0)))),
      ]),
      bump(pa, c(32)),
      bump(pb, c(columns * complexBytes)),
    ];
    // Long sums of singles: blocks of `sumBlock` terms are added up in doubles, kept below the panel.
    const doubles = re.flatMap((_, j) => [re[j]!, im[j]!]);
    const kept = (i: number, half: number) => v128.load(get(scratch), 32 * i + 16 * half);
    const keep = (i: number, half: number, value: Code) => v128.store(get(scratch), value, 32 * i + 16 * half);
    const longSum: Code = [
      doubles.map((_, i) => [keep(i, 0, v128.zero()), keep(i, 1, v128.zero())]),
      doWhile(
        [
          doubles.map((sum) => set(sum, v128.zero())),
          set(blockEnd, i32.add(get(pa), c(32 * sumBlock))),
          doWhile(step, i32.lessThan(get(pa), get(blockEnd))),
          doubles.map((sum, i) => [
            keep(i, 0, f64x2.add(kept(i, 0), f64x2.promoteLow(get(sum)))),
            keep(
              i,
              1,
              f64x2.add(kept(i, 1), f64x2.promoteLow(v128.shuffle(get(sum), get(sum), wordLanes([2, 3, 0, 1])))),
            ),
          ]),
        ],
        i32.lessThan(get(pa), get(paEnd)),
      ),
      doubles.map((sum, i) =>
        set(sum, v128.shuffle(f64x2.demote(kept(i, 0)), f64x2.demote(kept(i, 1)), wordLanes([0, 1, 4, 5]))),
      ),
    ];
    const tile: Code = [
      re.map((_, j) => [set(re[j]!, v128.zero()), set(im[j]!, v128.zero())]),
      set(pa, get(to)),
      set(paEnd, i32.add(get(pa), get(panelBytes))),
      set(pb, get(column)),
      realBytes === 4
        ? either(i32.lessThan(c(sumBlock), get(kCount)), longSum, doWhile(step, i32.lessThan(get(pa), get(paEnd))))
        : doWhile(step, i32.lessThan(get(pa), get(paEnd))),
      either(
        i32.and(get(flags), c(2)),
        re.map((_, j) => storeAdjacent(j)),
        re.map((_, j) => storeScattered(j)),
      ),
    ];
    return [
      set(panelBytes, i32.shl(get(kCount), c(5))),
      set(rowEnd, i32.add(get(lowTable), i32.mul(get(lowGroups), c(8 * lanes)))),
      set(midEnd, i32.add(get(midTable), i32.shl(get(midCount), c(3)))),
      set(batchEnd, i32.add(get(batchTable), i32.mul(get(batchCount), c(12)))),
      set(nEnd, i32.add(get(nTable), i32.shl(get(nCount), c(2)))),
      forUp(mid, get(midTable), get(midEnd), c(8), [
        forUp(batch, get(batchTable), get(batchEnd), c(12), [
          set(a0, i32.add(i32.add(get(aBase), i32.load(get(mid), 0)), i32.load(get(batch), 0))),
          set(c0, i32.add(i32.add(get(cBase), i32.load(get(mid), 4)), i32.load(get(batch), 4))),
          either(i32.and(get(flags), c(1)), packWith(adjacent), packWith(gather)),
          // `column` walks over the packed column groups of B, `to` over the packed row groups of A.
          set(column, i32.add(get(packedB), i32.load(get(batch), 8))),
          forUp(n, get(nTable), get(nEnd), c(4 * columns), [
            set(to, i32.add(get(scratch), c(sumBytes))),
            forUp(rowC, get(lowTable), get(rowEnd), c(8 * lanes), [tile, bump(to, get(panelBytes))]),
            set(column, get(pb)),
          ]),
        ]),
      ]),
    ];
  });
}

/**
 * `pack(b, packedB, batchTable, batchCount, kTable, kCount, nTable, nCount, columns)` copies B to rows of `columns`
 * neighbours for each k, column group by column group: what `contract` reads. Tables: batch (b, packed b), k (b), n (b).
 */
export function packKernel(realBytes: RealBytes): WasmFunction {
  const c = i32.constant;
  return wasmFunction('pack', new Array(9).fill('i32'), (parameters, local) => {
    const [b, packedB, batchTable, batchCount, kTable, kCount, nTable, nCount, columns] = parameters as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const int = () => local('i32');
    const [batch, batchEnd, n, nEnd, k, kEnd, j, jEnd, to, from, address] = [
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
    ] as const;
    return [
      set(batchEnd, i32.add(get(batchTable), i32.shl(get(batchCount), c(3)))),
      set(nEnd, i32.add(get(nTable), i32.shl(get(nCount), c(2)))),
      set(kEnd, i32.add(get(kTable), i32.shl(get(kCount), c(2)))),
      forUp(batch, get(batchTable), get(batchEnd), c(8), [
        set(to, i32.add(get(packedB), i32.load(get(batch), 4))),
        forUp(n, get(nTable), get(nEnd), i32.shl(get(columns), c(2)), [
          set(jEnd, i32.add(get(n), i32.shl(get(columns), c(2)))),
          forUp(k, get(kTable), get(kEnd), c(4), [
            set(from, i32.add(i32.add(get(b), i32.load(get(batch), 0)), i32.load(get(k)))),
            forUp(j, get(n), get(jEnd), c(4), [
              set(address, i32.add(get(from), i32.load(get(j)))),
              realBytes === 4
                ? v128.store64Lane(get(to), v128.load64Zero(get(address)), 0)
                : v128.store(get(to), v128.load(get(address))),
              bump(to, c(2 * realBytes)),
            ]),
          ]),
        ]),
      ]),
    ];
  });
}
