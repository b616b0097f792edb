/** Tables of byte offsets for the kernels, shared between steps that need the same one. */
export interface Tables {
  /** Where the tables will lie in memory; set once all are known. */
  base: number;
  /** Adds a table of 32-bit numbers and returns its byte offset from `base`. */
  readonly add: (key: string, make: () => readonly number[]) => number;
  readonly bytes: () => number;
  /** The tables from a byte offset on; offsets are those that `add` gave or `bytes` said. */
  readonly words: (from?: number) => Int32Array;
}

export function createTables(): Tables {
  const known = new Map<string, number>();
  const parts: (readonly number[])[] = [];
  let length = 0;
  return {
    base: 0,
    add: (key, make) => {
      const old = known.get(key);
      if (old !== undefined) return old;
      const words = make();
      const at = length * 4;
      known.set(key, at);
      parts.push(words);
      length += words.length;
      return at;
    },
    bytes: () => length * 4,
    words: (from = 0) => {
      const out = new Int32Array(length - from / 4);
      let at = 0;
      for (const part of parts) {
        if (at >= from / 4) out.set(part, at - from / 4);
        at += part.length;
      }
      return out;
    },
  };
}

/** Offsets of all settings of some bits: entry i sums the strides of the bits of i (bit 0 = first stride). */
export function offsetsOf(strides: readonly number[]): number[] {
  const out = [0];
  for (const stride of strides) {
    const count = out.length;
    for (let i = 0; i < count; i++) out.push(out[i]! + stride);
  }
  return out;
}
