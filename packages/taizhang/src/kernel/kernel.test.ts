import { describe, expect, test } from 'vitest';
import { planStep, stridesOf } from '../execute/plan-step.ts';
import { runStep } from '../execute/run-step.ts';
import { createTables } from '../execute/tables.ts';
import { type Random, seededRandom } from '../ir/random.ts';
import { multiplyFactors, sumOut } from '../network/simplify-network.ts';
import { createKernel } from './kernel.ts';
import { assembleModule, forUp, get, i32, v128, wasmFunction } from './wasm-assembler.ts';

/** One contraction of random tensors by the kernels. */
function contract(a: number[], b: number[], c: number[], kind: 'simd' | 'plain', realBytes: 4 | 8, random: Random) {
  const tables = createTables();
  const strides = (layout: readonly number[]) => stridesOf(layout, realBytes);
  const step = planStep(tables, { node: 2, a: 0, b: 1 }, { a: strides(a), b: strides(b), c: strides(c) }, realBytes);
  const bytes = (layout: readonly number[]) => Math.max(64, 2 * realBytes * 2 ** layout.length);
  let top = 64;
  const take = (length: number) => {
    const at = top;
    top += Math.ceil(length / 64) * 64;
    return at;
  };
  const place = {
    tables: take(tables.bytes()),
    panel: take(step.panelBytes),
    packed: take(step.packedBytes),
    a: take(bytes(a)),
    b: take(bytes(b)),
    c: take(bytes(c)),
  };
  const kernel = createKernel(realBytes, top, kind);
  expect(kernel.kind).toBe(kind);
  new Int32Array(kernel.buffer, place.tables, tables.bytes() / 4).set(tables.words());
  const view = (at: number, layout: readonly number[]) =>
    realBytes === 4
      ? new Float32Array(kernel.buffer, at, 2 << layout.length)
      : new Float64Array(kernel.buffer, at, 2 << layout.length);
  const fill = (at: number, layout: readonly number[]) => view(at, layout).map(() => random() - 0.5);
  view(place.a, a).set(fill(place.a, a));
  view(place.b, b).set(fill(place.b, b));
  for (const _ of runStep(kernel, place, step));
  return {
    a: Float64Array.from(view(place.a, a)),
    b: Float64Array.from(view(place.b, b)),
    c: Float64Array.from(view(place.c, c)),
  };
}

function shuffled(list: readonly number[], random: Random): number[] {
  return list
    .map((value) => ({ value, key: random() }))
    .sort((x, y) => x.key - y.key)
    .map(({ value }) => value);
}

describe('contraction kernels', () => {
  test('[K1] equal a plain product and sum for random layouts of rows, columns, sums and batch', () => {
    const random = seededRandom(6);
    for (let round = 0; round < 120; round++) {
      const [rows, columns, sums, batch] = [5, 3, 7, 2].map((most) => Math.floor(random() * (most + 1))) as [
        number,
        number,
        number,
        number,
      ];
      let next = 0;
      const names = (count: number) => Array.from({ length: count }, () => next++);
      const [m, n, k, shared] = [names(rows), names(columns), names(sums), names(batch)] as const;
      const a = shuffled([...m, ...k, ...shared], random);
      const b = shuffled([...n, ...k, ...shared], random);
      const c = shuffled([...m, ...n, ...shared], random);
      const seed = Math.floor(random() * 1e6);
      const found = contract(a, b, c, 'simd', 8, seededRandom(seed));
      let product = multiplyFactors({ variables: a, data: found.a }, { variables: b, data: found.b });
      for (const v of k) product = sumOut(product, v);
      const expected = new Float64Array(2 << c.length);
      for (let i = 0; i < 1 << c.length; i++) {
        let to = 0;
        product.variables.forEach((v, at) => {
          if ((i >> (c.length - 1 - at)) & 1) to |= 1 << (c.length - 1 - c.indexOf(v));
        });
        expected[2 * to] = product.data[2 * i]!;
        expected[2 * to + 1] = product.data[2 * i + 1]!;
      }
      found.c.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-12);
      });
      for (const realBytes of [4, 8] as const)
        expect([...contract(a, b, c, 'plain', realBytes, seededRandom(seed)).c]).toEqual([
          ...contract(a, b, c, 'simd', realBytes, seededRandom(seed)).c,
        ]);
    }
  });
});

describe('long sums', () => {
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
  test('[K4] of 2^15 singles are blocked, and stay within ten roundings of the exact sum', () => {
    const sums = range(0, 15);
    const layouts = [
      [...sums, 15],
      [16, ...sums],
      [15, 16],
    ] as const;
    const found = contract([...layouts[0]], [...layouts[1]], [...layouts[2]], 'simd', 4, seededRandom(3));
    const plain = contract([...layouts[0]], [...layouts[1]], [...layouts[2]], 'plain', 4, seededRandom(3));
    expect([...plain.c]).toEqual([...found.c]);
    for (const m of [0, 1])
      for (const n of [0, 1]) {
        let re = 0;
        let im = 0;
        let size = 0;
        for (let k = 0; k < 2 ** 15; k++) {
          const a = 2 * (2 * k + m);
          const b = 2 * (n * 2 ** 15 + k);
          re += found.a[a]! * found.b[b]! - found.a[a + 1]! * found.b[b + 1]!;
          im += found.a[a]! * found.b[b + 1]! + found.a[a + 1]! * found.b[b]!;
          size += Math.hypot(found.a[a]!, found.a[a + 1]!) ** 2 * Math.hypot(found.b[b]!, found.b[b + 1]!) ** 2;
        }
        // √(Σ|ab|²) is the natural size of such a sum; one rounding of a single is 6e-8.
        const error = Math.hypot(found.c[2 * (2 * m + n)]! - re, found.c[2 * (2 * m + n) + 1]! - im);
        expect(error / Math.sqrt(size)).toBeLessThan(6e-7);
      }
  });
});

describe('the assembler', () => {
  test('[K2] makes the same valid bytes every time', () => {
    const make = () =>
      assembleModule(
        [
          wasmFunction('fill', ['i32', 'i32'], ([from, to], local) => {
            const at = local('i32');
            return forUp(at!, get(from!), get(to!), i32.constant(16), v128.store(get(at!), v128.zero()));
          }),
        ],
        { shared: false },
      );
    expect(WebAssembly.validate(make())).toBe(true);
    expect([...make()]).toEqual([...make()]);
  });

  test('[K3] loops of no turns do nothing, and large constants keep their value', () => {
    const bytes = assembleModule(
      [
        wasmFunction('mark', ['i32', 'i32'], ([from, to], local) => {
          const at = local('i32');
          return forUp(at, get(from!), get(to!), i32.constant(1), [[get(at), i32.constant(-123_456_789), 0x36, 2, 0]]);
        }),
      ],
      { shared: false },
    );
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    const { mark } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { memory } }).exports as {
      mark: (from: number, to: number) => void;
    };
    mark(8, 8);
    expect(new Int32Array(memory.buffer)[2]).toBe(0);
    mark(8, 9);
    expect(new Int32Array(memory.buffer)[2]).toBe(-123_456_789);
  });
});
