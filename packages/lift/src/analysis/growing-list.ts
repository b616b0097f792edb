/** A list of doubles that grows without boxing them. */
export interface GrowingList {
  push(value: number): void;
  set(index: number, value: number): void;
  get(index: number): number;
  readonly length: number;
  /** A copy of what is held. */
  values(): Float64Array;
}

/** An empty list. */
export function createGrowingList(): GrowingList {
  let data = new Float64Array(1024);
  let length = 0;
  return {
    push(value) {
      if (length === data.length) {
        const wider = new Float64Array(length * 2);
        wider.set(data);
        data = wider;
      }
      data[length++] = value;
    },
    set(index, value) {
      data[index] = value;
    },
    get: (index) => data[index] as number,
    get length() {
      return length;
    },
    values: () => data.slice(0, length),
  };
}
