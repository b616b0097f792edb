/** Lists by cursor. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; null at the end. */
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly cursor?: string | null;
  /** 1 to 500, 50 unless said. */
  readonly limit?: number;
}
