/**
 * A 4-ary min-heap of flow numbers on typed arrays. Keys and positions live in arrays shared by all heaps, so a flow
 * costs 4 bytes in the heap it stands in, and moving a flow whose key changed needs no search.
 */

/** Arrays indexed by flow number; replaced as a whole when they grow. */
export interface HeapKeys {
  key: Float64Array;
  /** Place in its heap, or -1. */
  position: Int32Array;
}

export class IndexedHeap {
  readonly #keys: HeapKeys;
  #items: Int32Array;
  #size = 0;

  constructor(keys: HeapKeys, capacity = 4) {
    this.#keys = keys;
    this.#items = new Int32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  get byteLength(): number {
    return this.#items.byteLength;
  }

  /** The flow with the least key. Only when `size` is above 0. */
  get top(): number {
    return this.#items[0] as number;
  }

  push(flow: number): void {
    if (this.#size === this.#items.length) {
      const grown = new Int32Array(this.#size * 2);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#size += 1;
    this.#rise(this.#size - 1, flow);
  }

  remove(flow: number): void {
    const place = this.#keys.position[flow] as number;
    this.#keys.position[flow] = -1;
    this.#size -= 1;
    if (place === this.#size) return;
    this.#settle(place, this.#items[this.#size] as number);
  }

  /** Restores order after the key of a flow in the heap changed. */
  update(flow: number): void {
    this.#settle(this.#keys.position[flow] as number, flow);
  }

  #settle(place: number, flow: number): void {
    const { key } = this.#keys;
    if (place > 0 && (key[flow] as number) < (key[this.#items[(place - 1) >> 2] as number] as number))
      this.#rise(place, flow);
    else this.#sink(place, flow);
  }

  #rise(from: number, flow: number): void {
    const { key, position } = this.#keys;
    const items = this.#items;
    const own = key[flow] as number;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 2;
      const other = items[above] as number;
      if ((key[other] as number) <= own) break;
      items[place] = other;
      position[other] = place;
      place = above;
    }
    items[place] = flow;
    position[flow] = place;
  }

  #sink(from: number, flow: number): void {
    const { key, position } = this.#keys;
    const items = this.#items;
    const size = this.#size;
    const own = key[flow] as number;
    let place = from;
    for (;;) {
      const first = place * 4 + 1;
      if (first >= size) break;
      const last = Math.min(first + 4, size);
      let least = first;
      let leastKey = key[items[first] as number] as number;
      for (let at = first + 1; at < last; at += 1) {
        const candidate = key[items[at] as number] as number;
        if (candidate < leastKey) {
          least = at;
          leastKey = candidate;
        }
      }
      if (leastKey >= own) break;
      const moved = items[least] as number;
      items[place] = moved;
      position[moved] = place;
      place = least;
    }
    items[place] = flow;
    position[flow] = place;
  }
}
