import {
  assembleModule,
  bump,
  type Code,
  doWhile,
  either,
  f64,
  get,
  i32,
  i64,
  type Local,
  select,
  set,
  wasmFunction,
} from '../kernel/wasm-assembler.ts';
import { type ContractionTree, powers, trafficWeight } from './contraction-tree.ts';

/** Entries of the table of acceptance factors: u^-T at the middles of as many equal steps of u. */
export const factorCount = 1024;

/** Runs moves on a tree in WebAssembly memory; see `annealSteps` in anneal.ts, which it repeats move for move. */
export interface AnnealKernel {
  readonly load: (tree: ContractionTree) => void;
  readonly run: (steps: number, limit: number, factors: Float64Array, state: number) => number;
  readonly store: (tree: ContractionTree) => void;
}

const powersAt = 16;
const factorsAt = powersAt + 8 * 512;
const treeAt = factorsAt + 8 * factorCount;

let module: WebAssembly.Module | null | undefined;
/** The kernel of the shape of tree asked for last: a search asks for one shape thousands of times. */
let last: { readonly nodes: number; readonly words: number; readonly kernel: AnnealKernel } | null = null;

/** A kernel with memory for such a tree, or null where WebAssembly is missing. Load the tree before each use. */
export function annealKernel(tree: ContractionTree): AnnealKernel | null {
  if (last !== null && last.nodes === tree.left.length && last.words === tree.words) return last.kernel;
  const kernel = makeKernel(tree);
  if (kernel !== null) last = { nodes: tree.left.length, words: tree.words, kernel };
  return kernel;
}

function makeKernel(tree: ContractionTree): AnnealKernel | null {
  if (module === undefined) {
    const bytes = assembleModule([annealFunction()], { shared: false });
    module = typeof WebAssembly === 'object' && WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  }
  if (module === null) return null;
  const nodes = tree.left.length;
  const { leaves } = tree;
  const rowBytes = 4 * tree.words;
  const nodeBytes = Math.ceil(nodes / 2) * 8;
  const [left, right, parent, macs, size] = [0, 1, 2, 3, 4].map((i) => treeAt + i * nodeBytes) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const sets = treeAt + 5 * nodeBytes;
  const bytes = sets + 4 * tree.sets.length;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536), maximum: 65536 });
  const { anneal } = new WebAssembly.Instance(module, { m: { memory } }).exports as {
    anneal: (...numbers: number[]) => void;
  };
  const ints = (at: number, length: number) => new Int32Array(memory.buffer, at, length);
  const parts: readonly (readonly [number, (tree: ContractionTree) => Int32Array])[] = [
    [left, (t) => t.left],
    [right, (t) => t.right],
    [parent, (t) => t.parent],
    [macs, (t) => t.macs],
    [size, (t) => t.size],
    [sets, (t) => t.sets],
  ];
  new Float64Array(memory.buffer, powersAt, powers.length).set(powers);
  const factorTable = new Float64Array(memory.buffer, factorsAt, factorCount);
  return {
    load: (from) => {
      for (const [at, part] of parts) ints(at, part(from).length).set(part(from));
    },
    store: (to) => {
      for (const [at, part] of parts) part(to).set(ints(at, part(to).length));
    },
    run: (steps, limit, factors, state) => {
      factorTable.set(factors);
      anneal(left, right, parent, macs, size, sets, leaves, leaves - 1, rowBytes, steps, limit, state);
      return ints(0, 1)[0]!;
    },
  };
}

function annealFunction() {
  const c = i32.constant;
  return wasmFunction('anneal', new Array(12).fill('i32'), (parameters, local) => {
    const [left, right, parent, macs, size, sets, leaves, inner, rowBytes, steps, limit, state] = parameters as [
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
    const [step, p, x, a, b, other, slotX, slotC, slotA] = [
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
    const [newInner, newOuter, newSize, row, pRow, aRow, bRow, cRow, draw] = [
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
    const before = local('f64');
    const after = local('f64');
    const at = (base: Local, index: Local): Code => i32.add(get(base), i32.shl(get(index), c(2)));
    const rowOf = (node: Local): Code => i32.add(get(sets), i32.mul(get(node), get(rowBytes)));
    const stir: Code = [
      set(state, i32.xor(get(state), i32.shl(get(state), c(13)))),
      set(state, i32.xor(get(state), i32.shr(get(state), c(17)))),
      set(state, i32.xor(get(state), i32.shl(get(state), c(5)))),
    ];
    const power = (exponent: Code): Code => f64.load(i32.shl(exponent, c(3)), powersAt + 8 * 64);
    const weighted = (exponent: Code): Code => f64.mul(f64.constant(trafficWeight), power(exponent));
    const here = (base: Local): Code => i64.load(i32.add(get(base), get(row)));
    const joined: Code = i64.or(here(bRow), here(cRow));
    const open: Code = i64.and(joined, i64.or(here(aRow), here(pRow)));
    const measure: Code = [
      set(newInner, c(0)),
      set(newOuter, c(0)),
      set(newSize, c(0)),
      set(row, c(0)),
      doWhile(
        [
          bump(newInner, i64.popcount(joined)),
          bump(newSize, i64.popcount(open)),
          bump(newOuter, i64.popcount(i64.or(open, here(aRow)))),
          bump(row, c(8)),
        ],
        i32.lessThan(get(row), get(rowBytes)),
      ),
    ];
    const accept: Code = [
      i32.store(get(slotA), get(other)),
      i32.store(get(slotC), get(a)),
      i32.store(at(parent, other), get(x)),
      i32.store(at(parent, a), get(p)),
      set(b, rowOf(x)),
      set(row, c(0)),
      doWhile([i64.store(i32.add(get(b), get(row)), open), bump(row, c(8))], i32.lessThan(get(row), get(rowBytes))),
      i32.store(at(macs, x), get(newInner)),
      i32.store(at(size, x), get(newSize)),
      i32.store(at(macs, p), get(newOuter)),
    ];
    const judge: Code = [
      set(
        before,
        f64.add(f64.add(power(i32.load(at(macs, x))), power(i32.load(at(macs, p)))), weighted(i32.load(at(size, x)))),
      ),
      set(after, f64.add(f64.add(power(get(newInner)), power(get(newOuter))), weighted(get(newSize)))),
      either(f64.atMost(get(after), get(before)), accept, [
        stir,
        either(
          f64.atMost(get(after), f64.mul(get(before), f64.load(i32.shl(i32.shr(get(state), c(22)), c(3)), factorsAt))),
          accept,
        ),
      ]),
    ];
    const move: Code = [
      set(slotA, i32.add(select(i32.and(get(draw), c(2)), get(right), get(left)), i32.shl(get(x), c(2)))),
      set(a, i32.load(get(slotA))),
      set(b, i32.load(i32.add(select(i32.and(get(draw), c(2)), get(left), get(right)), i32.shl(get(x), c(2))))),
      set(pRow, rowOf(p)),
      set(aRow, rowOf(a)),
      set(bRow, rowOf(b)),
      set(cRow, rowOf(other)),
      measure,
      // Refused when larger than the limit and than the tensor it replaces.
      either(
        i32.and(i32.lessThan(get(limit), get(newSize)), i32.lessThan(i32.load(at(size, x)), get(newSize))),
        [],
        judge,
      ),
    ];
    return [
      set(step, c(0)),
      doWhile(
        [
          stir,
          set(draw, get(state)),
          set(p, i32.add(get(leaves), i32.remainder(i32.shr(get(state), c(3)), get(inner)))),
          set(slotX, i32.add(select(i32.and(get(draw), c(1)), get(right), get(left)), i32.shl(get(p), c(2)))),
          set(slotC, i32.add(select(i32.and(get(draw), c(1)), get(left), get(right)), i32.shl(get(p), c(2)))),
          set(x, i32.load(get(slotX))),
          set(other, i32.load(get(slotC))),
          either(i32.lessThan(get(x), get(leaves)), [], move),
          bump(step, c(1)),
        ],
        i32.lessThan(get(step), get(steps)),
      ),
      i32.store(c(0), get(state)),
    ];
  });
}
