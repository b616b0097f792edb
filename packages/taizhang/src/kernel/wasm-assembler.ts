/**
 * A WebAssembly assembler just large enough for the kernels: code is nested arrays of bytes, put together by functions
 * named as in the text format. So the bytes that run are made at import from this source, and no binary lies in git.
 * Encodings: WebAssembly core specification 2.0, chapter 5.
 */
export type Code = number | readonly Code[];

export type ValueType = 'i32' | 'f64' | 'v128';

const typeCode: Readonly<Record<ValueType, number>> = { i32: 0x7f, f64: 0x7c, v128: 0x7b };

/** A local variable or parameter of the function being built. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** Builds one function without results: `write` receives the parameters and a maker of locals. */
export function wasmFunction(
  name: string,
  parameters: readonly ValueType[],
  write: (parameters: readonly Local[], local: (type: ValueType) => Local) => Code,
): WasmFunction {
  const locals: ValueType[] = [];
  const body = write(
    parameters.map((type, index) => ({ index, type })),
    (type) => ({ index: parameters.length + locals.push(type) - 1, type }),
  );
  return { name, parameters, locals, body };
}

/** The module's bytes: imports memory `m.memory` (up to 4 GiB, shared or not) and exports every function. */
export function assembleModule(
  functions: readonly WasmFunction[],
  memory: { shared: boolean },
): Uint8Array<ArrayBuffer> {
  const section = (id: number, entries: readonly Code[]): Code => {
    const body = flatten([unsigned(entries.length), entries]);
    return [id, unsigned(body.length), body];
  };
  const text = (value: string): Code => [unsigned(value.length), [...value].map((c) => c.charCodeAt(0))];
  return Uint8Array.from(
    flatten([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(
        1,
        functions.map((f) => [0x60, unsigned(f.parameters.length), f.parameters.map((type) => typeCode[type]), 0]),
      ),
      section(2, [[text('m'), text('memory'), 0x02, memory.shared ? 0x03 : 0x01, unsigned(0), unsigned(65536)]]),
      section(
        3,
        functions.map((_, i) => unsigned(i)),
      ),
      section(
        7,
        functions.map((f, i) => [text(f.name), 0x00, unsigned(i)]),
      ),
      section(
        10,
        functions.map((f) => {
          const code = flatten([unsigned(f.locals.length), f.locals.map((type) => [1, typeCode[type]]), f.body, 0x0b]);
          return [unsigned(code.length), code];
        }),
      ),
    ]),
  );
}

function flatten(code: Code): number[] {
  const out: number[] = [];
  const visit = (part: Code) => {
    if (typeof part === 'number') out.push(part);
    else for (const inner of part) visit(inner);
  };
  visit(code);
  return out;
}

/** LEB128, unsigned. */
function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    out.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return out;
}

/** LEB128, signed 32-bit. */
function signed(value: number): number[] {
  const out: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
      out.push(low);
      return out;
    }
    out.push(low | 0x80);
  }
}

const simd = (opcode: number, ...rest: Code[]): Code => [rest, 0xfd, unsigned(opcode)];
const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [a, b, opcode];
const vector =
  (opcode: number) =>
  (a: Code, b: Code): Code =>
    simd(opcode, a, b);
const loadOp =
  (opcode: number, align: number) =>
  (address: Code, offset = 0): Code => [simd(opcode, address), align, unsigned(offset)];
const laneOp =
  (opcode: number, align: number) =>
  (address: Code, value: Code, lane: number, offset = 0): Code => [
    simd(opcode, address, value),
    align,
    unsigned(offset),
    lane,
  ];

export const get = (local: Local): Code => [0x20, unsigned(local.index)];
export const set = (local: Local, value: Code): Code => [value, 0x21, unsigned(local.index)];

export const i32 = {
  constant: (value: number): Code => [0x41, signed(value)],
  load: (address: Code, offset = 0): Code => [address, 0x28, 2, unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [address, value, 0x36, 2, unsigned(offset)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  remainder: binary(0x70),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shr: binary(0x76),
  equal: binary(0x46),
  lessThan: binary(0x49),
  isZero: (a: Code): Code => [a, 0x45],
};

/** 64-bit integers stay on the stack: no local holds one. */
export const i64 = {
  load: (address: Code): Code => [address, 0x29, 3, 0],
  store: (address: Code, value: Code): Code => [address, value, 0x37, 3, 0],
  and: binary(0x83),
  or: binary(0x84),
  /** Bits set, as a 32-bit number. */
  popcount: (a: Code): Code => [a, 0x7b, 0xa7],
};

export const f64 = {
  constant: (value: number): Code => [0x44, [...new Uint8Array(new Float64Array([value]).buffer)]],
  load: (address: Code, offset = 0): Code => [address, 0x2b, 3, unsigned(offset)],
  add: binary(0xa0),
  mul: binary(0xa2),
  atMost: binary(0x65),
};

/** One of two values. */
export const select = (condition: Code, yes: Code, no: Code): Code => [yes, no, condition, 0x1b];

export const v128 = {
  load: loadOp(0x00, 0),
  load32Splat: loadOp(0x09, 2),
  load64Splat: loadOp(0x0a, 3),
  load64Zero: loadOp(0x5d, 0),
  load64Lane: laneOp(0x57, 0),
  store64Lane: laneOp(0x5b, 0),
  store: (address: Code, value: Code, offset = 0): Code => [simd(0x0b, address, value), 0, unsigned(offset)],
  zero: (): Code => [0xfd, 12, new Array<number>(16).fill(0)],
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [simd(13, a, b), lanes],
};

export const f32x4 = { add: vector(0xe4), sub: vector(0xe5), mul: vector(0xe6) };
export const f64x2 = {
  add: vector(0xf0),
  sub: vector(0xf1),
  mul: vector(0xf2),
  /** The first two of four singles as doubles. */
  promoteLow: (a: Code): Code => simd(0x5f, a),
  /** Two doubles rounded to the first two of four singles. */
  demote: (a: Code): Code => simd(0x5e, a),
};

/** Byte lanes of a shuffle given in lanes of four bytes (0-3 from the first vector, 4-7 from the second). */
export const wordLanes = (lanes: readonly number[]): number[] =>
  lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte));

/** Runs `body` at least once, then again while `condition` holds. */
export const doWhile = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b];

/** Runs one of two bodies. */
export const either = (condition: Code, yes: Code, no: Code = []): Code => [condition, 0x04, 0x40, yes, 0x05, no, 0x0b];

/** `for (local = from; local < to; local += step)` over unsigned numbers, entered only when from < to. */
export const forUp = (local: Local, from: Code, to: Code, step: Code, body: Code): Code => [
  set(local, from),
  either(
    i32.lessThan(get(local), to),
    doWhile([body, set(local, i32.add(get(local), step))], i32.lessThan(get(local), to)),
  ),
];

/** local += value */
export const bump = (local: Local, value: Code): Code => set(local, i32.add(get(local), value));
