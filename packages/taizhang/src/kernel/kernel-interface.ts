/** `contract` takes the 15 numbers that `contractionKernel` documents; `pack` the 9 of `packKernel`. */
export interface Kernel {
  readonly kind: 'simd' | 'plain';
  readonly buffer: ArrayBufferLike;
  readonly contract: Readonly<Record<1 | 2 | 4, (...numbers: number[]) => void>>;
  readonly pack: (...numbers: number[]) => void;
}
