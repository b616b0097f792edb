/** Most chunks a run is cut into; a chunk is the unit that is handed out, summed, and written to the checkpoint. */
const mostChunks = 4096;

/** Slices of one chunk: from `start`, `count` of them. The cut depends on the plan alone, never on the workers. */
export interface Chunk {
  readonly index: number;
  readonly start: number;
  readonly count: number;
}

export function chunksOf(slices: number): Chunk[] {
  const size = Math.ceil(slices / mostChunks);
  return Array.from({ length: Math.ceil(slices / size) }, (_, index) => ({
    index,
    start: index * size,
    count: Math.min(size, slices - index * size),
  }));
}
