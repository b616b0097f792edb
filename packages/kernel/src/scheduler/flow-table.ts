/** Everything a flow (a class, a tenant or an app) is, as columns of typed arrays: no object per app. */
import type { HeapKeys } from './indexed-heap.ts';

const columns = {
  key: 8,
  position: 4,
  weight: 4,
  deferred: 4,
  forgiven: 4,
  entered: 8,
  named: 1,
  group: 4,
  waiting: 4,
  running: 4,
  expected: 4,
};

const rowBytes = Object.values(columns).reduce((sum, bytes) => sum + bytes, 0);

/** Bytes of typed arrays for one flow, its place in a heap included. */
export const bytesPerFlow = rowBytes + 4;

const firstCapacity = 16;
const growth = 1.5;

function grown<T extends Float64Array | Float32Array | Int32Array | Uint8Array>(old: T, wider: T): T {
  wider.set(old);
  return wider;
}

export class FlowTable implements HeapKeys {
  /** Virtual finish tag: the start tag of what the flow sends next. */
  key = new Float64Array(firstCapacity);
  position = new Int32Array(firstCapacity);
  weight = new Float32Array(firstCapacity);
  /** Debt put off, paid in instalments. */
  deferred = new Float32Array(firstCapacity);
  /** Charges struck off while their calls still ran: what those calls give back is not credited again. */
  forgiven = new Float32Array(firstCapacity);
  /** Sequence at which the flow began to wait; charges of calls dispatched before are debt on re-entry. */
  entered = new Float64Array(firstCapacity);
  /** 1 once the app has named an end user. */
  named = new Uint8Array(firstCapacity);
  /** Number of the group that the flow stands in. */
  group = new Int32Array(firstCapacity);
  /** Tickets under the flow that wait, and that run. */
  waiting = new Int32Array(firstCapacity);
  running = new Int32Array(firstCapacity);
  /** Learned output tokens; 0 while unknown. */
  expected = new Float32Array(firstCapacity);
  #size = 0;
  readonly #free: number[] = [];

  /** Flows ever numbered; some may be free. */
  get size(): number {
    return this.#size;
  }

  get byteLength(): number {
    return this.key.length * rowBytes;
  }

  /** A flow that waits for nothing and owes nothing, under a number that may have been another's before. */
  add(group: number, tag: number, weight: number): number {
    const flow = this.#free.pop() ?? this.#size++;
    if (flow === this.key.length) this.#grow();
    this.key[flow] = tag;
    this.position[flow] = -1;
    this.weight[flow] = weight;
    this.deferred[flow] = 0;
    this.forgiven[flow] = 0;
    this.entered[flow] = 0;
    this.named[flow] = 0;
    this.group[flow] = group;
    this.waiting[flow] = 0;
    this.running[flow] = 0;
    this.expected[flow] = 0;
    return flow;
  }

  free(flow: number): void {
    this.#free.push(flow);
  }

  #grow(): void {
    const capacity = Math.ceil(this.key.length * growth);
    this.key = grown(this.key, new Float64Array(capacity));
    this.position = grown(this.position, new Int32Array(capacity));
    this.weight = grown(this.weight, new Float32Array(capacity));
    this.deferred = grown(this.deferred, new Float32Array(capacity));
    this.forgiven = grown(this.forgiven, new Float32Array(capacity));
    this.entered = grown(this.entered, new Float64Array(capacity));
    this.named = grown(this.named, new Uint8Array(capacity));
    this.group = grown(this.group, new Int32Array(capacity));
    this.waiting = grown(this.waiting, new Int32Array(capacity));
    this.running = grown(this.running, new Int32Array(capacity));
    this.expected = grown(this.expected, new Float32Array(capacity));
  }
}
