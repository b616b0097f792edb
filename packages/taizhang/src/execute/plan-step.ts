import { type RealBytes, sumBytes } from '../kernel/contraction-kernel.ts';
import { offsetsOf, type Tables } from './tables.ts';

/** One contraction, ready for the kernels: table offsets are from the tables' base, addresses from the tensors' base. */
export interface StepPlan {
  readonly node: number;
  readonly a: number;
  readonly b: number;
  readonly columns: 1 | 2 | 4;
  readonly batchTable: number;
  readonly batchCount: number;
  readonly packBatchTable: number;
  readonly midTable: number;
  readonly midCount: number;
  readonly lowTable: number;
  readonly lowGroups: number;
  readonly kTable: number;
  readonly kCount: number;
  readonly packKTable: number;
  readonly nTable: number;
  readonly nCount: number;
  readonly packNTable: number;
  readonly flags: number;
  /** Loops outside the kernel, as byte offsets: pairs (a, b, c) for batch, (b, c) for columns, (a, c) for rows. */
  readonly outerBatch: readonly (readonly number[])[];
  readonly outerColumns: readonly (readonly number[])[];
  readonly outerRows: readonly (readonly number[])[];
  /** Blocks of very long sums, as byte offsets (a, b): their results are added up in doubles. */
  readonly outerSums: readonly (readonly number[])[];
  /** Entries of the result when there are several such blocks, else 0. */
  readonly longSumEntries: number;
  readonly panelBytes: number;
  readonly packedBytes: number;
  readonly realBytes: RealBytes;
  /** log2 of the multiply-adds. */
  readonly macs: number;
}

const panelTarget = 16 * 1024;
const packedTarget = 256 * 1024;
const batchTarget = 1024;
/** log2 of the terms that one call of a kernel sums. */
const sumBits = 12;

/** Distance in bytes between the two values of each variable of a tensor. */
export type Strides = ReadonlyMap<number, number>;

/** The strides of a dense tensor, highest bit first. */
export function stridesOf(layout: readonly number[], realBytes: RealBytes): Strides {
  return new Map(layout.map((variable, i) => [variable, 2 * realBytes * 2 ** (layout.length - 1 - i)]));
}

/** Sorts the variables of one contraction into rows, columns, sums and batch, and sizes the blocks for the caches. */
export function planStep(
  tables: Tables,
  nodes: { readonly node: number; readonly a: number; readonly b: number },
  strides: { readonly a: Strides; readonly b: Strides; readonly c: Strides },
  realBytes: RealBytes,
  midTarget = 1024,
): StepPlan {
  const complexBytes = 2 * realBytes;
  const { a: aStride, b: bStride, c: cStride } = strides;
  const inA = [...aStride.keys()].sort((x, y) => aStride.get(x)! - aStride.get(y)!);
  const inB = [...bStride.keys()];
  const allSums = inA.filter((v) => bStride.has(v) && !cStride.has(v));
  const sums = allSums.slice(0, sumBits);
  const batch = inA.filter((v) => bStride.has(v) && cStride.has(v));
  let rows = inA.filter((v) => !bStride.has(v));
  const columns = inB.filter((v) => !aStride.has(v)).sort((x, y) => cStride.get(x)! - cStride.get(y)!);

  const lanes = 16 / realBytes;
  const laneBits = Math.log2(lanes);
  const adjacentIn = (stride: ReadonlyMap<number, number>, first: readonly number[]) =>
    first.length >= laneBits && first.slice(0, laneBits).every((v, i) => stride.get(v) === complexBytes * 2 ** i);
  let flags = adjacentIn(aStride, rows) ? 1 : 0;
  if (flags === 0) {
    const byC = [...rows].sort((x, y) => cStride.get(x)! - cStride.get(y)!).slice(0, laneBits);
    if (adjacentIn(cStride, byC)) rows = [...byC, ...rows.filter((v) => !byC.includes(v))];
  }
  if (adjacentIn(cStride, rows)) flags |= 2;

  const pick = (stride: ReadonlyMap<number, number>, list: readonly number[]) => list.map((v) => stride.get(v)!);
  const pairs = (list: readonly number[], ...sides: ReadonlyMap<number, number>[]): number[][] => {
    const offsets = sides.map((stride) => offsetsOf(pick(stride, list)));
    return offsets[0]!.map((_, i) => offsets.map((side) => side[i]!));
  };
  const table = (name: string, list: readonly number[], ...sides: ReadonlyMap<number, number>[]) =>
    tables.add(`${name}:${sides.map((stride) => pick(stride, list).join(',')).join(';')}`, () =>
      pairs(list, ...sides).flat(),
    );

  const kCount = 2 ** sums.length;
  const lowBits = Math.min(
    rows.length,
    Math.max(laneBits, Math.min(6, Math.floor(Math.log2(panelTarget / (kCount * complexBytes))))),
  );
  const lowRows = rows.slice(0, lowBits);
  const midBits = Math.min(rows.length - lowBits, Math.log2(midTarget));
  const midRows = rows.slice(lowBits, lowBits + midBits);
  const lowGroups = Math.max(1, 2 ** lowBits / lanes);

  const columnBits = Math.min(
    columns.length,
    Math.max(2, Math.floor(Math.log2(packedTarget / (kCount * complexBytes)))),
  );
  const innerColumns = columns.slice(0, columnBits);
  const blockBytes = kCount * 2 ** columnBits * complexBytes;
  const batchBits = Math.min(
    batch.length,
    Math.log2(batchTarget),
    Math.max(0, Math.floor(Math.log2(packedTarget / blockBytes))),
  );
  const innerBatch = batch.slice(0, batchBits);
  const batchCount = 2 ** batchBits;

  const lowPairs = () => {
    const all = pairs(lowRows, aStride, cStride);
    while (all.length < lanes) all.push(...all.slice(0, all.length));
    return all.flat();
  };
  return {
    ...nodes,
    columns: Math.min(4, 2 ** columnBits) as 1 | 2 | 4,
    batchTable: tables.add(`batch:${pick(aStride, innerBatch)};${pick(cStride, innerBatch)};${blockBytes}`, () =>
      pairs(innerBatch, aStride, cStride).flatMap(([a, c], i) => [a!, c!, i * blockBytes]),
    ),
    batchCount,
    packBatchTable: tables.add(`pack:${pick(bStride, innerBatch)};${blockBytes}`, () =>
      pairs(innerBatch, bStride).flatMap(([b], i) => [b!, i * blockBytes]),
    ),
    midTable: table('two', midRows, aStride, cStride),
    midCount: 2 ** midBits,
    lowTable: tables.add(`low${lanes}:${pick(aStride, lowRows)};${pick(cStride, lowRows)}`, lowPairs),
    lowGroups,
    kTable: table('one', sums, aStride),
    kCount,
    packKTable: table('one', sums, bStride),
    nTable: table('one', innerColumns, cStride),
    nCount: 2 ** columnBits,
    packNTable: table('one', innerColumns, bStride),
    flags,
    outerBatch: pairs(batch.slice(batchBits), aStride, bStride, cStride),
    outerColumns: pairs(columns.slice(columnBits), bStride, cStride),
    outerRows: pairs(rows.slice(lowBits + midBits), aStride, cStride),
    outerSums: pairs(allSums.slice(sumBits), aStride, bStride),
    longSumEntries: allSums.length > sumBits ? 2 ** cStride.size : 0,
    panelBytes: sumBytes + lowGroups * kCount * 32,
    packedBytes: blockBytes * batchCount,
    realBytes,
    macs: inA.length + columns.length,
  };
}
