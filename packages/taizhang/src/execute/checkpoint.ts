/** Where finished chunks are kept, so that a run can go on after a stop. Implemented over a file in `./node`. */
export interface Checkpoint {
  /**
   * Chunks kept by an earlier run of the same plan.
   *
   * @throws TaizhangError `checkpoint_mismatch` when it belongs to another plan.
   */
  readonly load: (planHash: string) => Promise<ReadonlyMap<number, Float64Array>>;
  /** Keeps one chunk; resolves when it would survive the process. */
  readonly append: (chunk: number, sum: Float64Array) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A checkpoint in memory: for the browser, and to go on after an abort within one process. */
export function memoryCheckpoint(): Checkpoint {
  let hash: string | null = null;
  const kept = new Map<number, Float64Array>();
  return {
    load: async (planHash) => {
      if (hash !== planHash) kept.clear();
      hash = planHash;
      return new Map(kept);
    },
    append: async (chunk, sum) => {
      kept.set(chunk, sum.slice());
    },
    close: async () => {},
  };
}

/** FNV-1a over bytes, 32 bits: tells a whole record from a torn one. */
export function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** 16 hex digits of the plan's contraction: equal for equal plans (two FNV-1a passes with different starts). */
export function planHash(contraction: unknown): string {
  const text = JSON.stringify(contraction);
  const bytes = new TextEncoder().encode(text);
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  return hex(checksum(bytes)) + hex(checksum(bytes.toReversed()));
}
