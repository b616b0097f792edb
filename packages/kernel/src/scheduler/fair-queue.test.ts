import { expect, test } from 'vitest';
import { createSeededRandom } from '../testbed/virtual-clock.ts';
import { FairQueue } from './fair-queue.ts';
import { bytesPerFlow } from './flow-table.ts';
import { type HeapKeys, IndexedHeap } from './indexed-heap.ts';
import { type HeapTicket, pushTicket, removeTicket } from './ticket-heap.ts';

test('[K84] the indexed heap gives flows by key through random pushes, changes and removals', () => {
  const { next: random } = createSeededRandom(1);
  const keys: HeapKeys = { key: new Float64Array(500), position: new Int32Array(500).fill(-1) };
  const heap = new IndexedHeap(keys);
  const inside = new Set<number>();
  for (let step = 0; step < 5_000; step += 1) {
    const flow = Math.floor(random() * 500);
    if (!inside.has(flow)) {
      keys.key[flow] = Math.floor(random() * 1_000);
      heap.push(flow);
      inside.add(flow);
    } else if (random() < 0.5) {
      keys.key[flow] = Math.floor(random() * 1_000);
      heap.update(flow);
    } else {
      heap.remove(flow);
      inside.delete(flow);
    }
    if (inside.size === 0) continue;
    let least = Number.POSITIVE_INFINITY;
    for (const other of inside) least = Math.min(least, keys.key[other] as number);
    expect(keys.key[heap.top]).toBe(least);
    expect(heap.size).toBe(inside.size);
  }
});

test('[K84] the ticket heap gives tickets by turn and arrival through random pushes and removals from the middle', () => {
  const { next: random } = createSeededRandom(2);
  let head: HeapTicket | null = null;
  const inside: HeapTicket[] = [];
  for (let step = 0; step < 5_000; step += 1) {
    if (inside.length < 5 || random() < 0.5) {
      const ticket: HeapTicket = {
        turn: Math.floor(random() * 50),
        sequence: step,
        child: null,
        next: null,
        previous: null,
      };
      head = pushTicket(head, ticket);
      inside.push(ticket);
    } else {
      const at = random() < 0.5 ? inside.indexOf(head as HeapTicket) : Math.floor(random() * inside.length);
      const [ticket] = inside.splice(at, 1);
      head = removeTicket(head as HeapTicket, ticket as HeapTicket);
    }
    const first = inside.reduce((least, ticket) =>
      ticket.turn < least.turn || (ticket.turn === least.turn && ticket.sequence < least.sequence) ? ticket : least,
    );
    expect(head).toBe(first);
  }
});

test('[K85] an app costs at most 64 bytes, and idle apps without debt give their place to new ones', () => {
  expect(bytesPerFlow).toBeLessThanOrEqual(64);
  const queue = new FairQueue({ keepFlows: 1_000 });
  for (let app = 0; app < 50_000; app += 1) {
    const flow = queue.flowOf('standard', 'home', `app${app}`);
    const ticket = queue.ticket(flow, null, 100);
    queue.push(ticket, 0);
    expect(queue.pop()).toBe(ticket);
    queue.finish(ticket, 100, 0);
  }
  expect(queue.flowCount).toBeLessThan(1_200);
});

test('[K85] an app that waits or owes keeps its place while thousands come and go', () => {
  const queue = new FairQueue({ keepFlows: 100, deferBound: 0, debtBound: Number.POSITIVE_INFINITY });
  const owing = queue.flowOf('standard', 'home', 'owing');
  const long = queue.ticket(owing, null, 100);
  queue.push(long, 0);
  queue.pop();
  const patient = queue.flowOf('standard', 'home', 'patient');
  for (let call = 0; call < 5_001; call += 1) queue.push(queue.ticket(patient, null, 1), 0);
  queue.finish(long, 1_000_000, 0);
  const before = queue.tagOf(owing);
  for (let app = 0; app < 5_000; app += 1) {
    const ticket = queue.ticket(queue.flowOf('standard', 'home', `app${app}`), null, 10);
    queue.push(ticket, 0);
    queue.pop();
    queue.finish(ticket, 10, 0);
  }
  expect(queue.flowOf('standard', 'home', 'owing')).toBe(owing);
  expect(queue.tagOf(owing)).toBe(before);
});

test('[K86] a cancelled ticket is as if it had never come', () => {
  const queue = new FairQueue();
  const one = queue.flowOf('standard', 'home', 'one');
  const two = queue.flowOf('standard', 'home', 'two');
  const gone = queue.ticket(one, 'u', 500);
  const kept = queue.ticket(two, 'u', 500);
  queue.push(gone, 0);
  queue.push(kept, 0);
  queue.cancel(gone, 0);
  queue.cancel(gone, 0);
  expect(queue.waiting).toBe(1);
  expect(queue.waitingFlows).toBe(1);
  expect(queue.tagOf(one)).toBe(0);
  expect(queue.pop()).toBe(kept);
  expect(queue.pop()).toBeNull();
  queue.cancel(kept, 0);
  expect(queue.runningOf(two)).toBe(1);
});

test('[K86] a finished ticket costs what it cost: more moves its app back, less brings it forward', () => {
  const queue = new FairQueue();
  const flows = ['a', 'b'].map((app) => queue.flowOf('standard', 'home', app));
  const tickets = flows.map((flow) => queue.ticket(flow, null, 100));
  for (const ticket of tickets) queue.push(ticket, 0);
  queue.pop();
  queue.pop();
  queue.finish(tickets[0]!, 900, 0);
  queue.finish(tickets[1]!, 20, 0);
  expect(flows.map((flow) => queue.tagOf(flow))).toEqual([900, 20]);
});

test('[K74] what was put off is paid: each later call of the app counts twice until nothing is left', () => {
  const queue = new FairQueue();
  const other = queue.flowOf('standard', 'home', 'other');
  const owing = queue.flowOf('standard', 'home', 'owing');
  const long = queue.ticket(owing, null, 100);
  queue.push(long, 0);
  queue.pop();
  for (let call = 0; call < 100; call += 1) queue.push(queue.ticket(other, null, 10), 0);
  queue.finish(long, 1_000, 0);
  const tickets = Array.from({ length: 12 }, () => queue.ticket(owing, null, 100));
  for (const ticket of tickets) queue.push(ticket, 0);
  // It stands where the other stands, and owes all that it had overdrawn.
  expect(queue.tagOf(owing)).toBe(queue.tagOf(other));
  expect(queue.deferredOf(owing)).toBe(1_000);
  const from = queue.tagOf(owing);
  let started = 0;
  while (started < 12) if (queue.pop()?.flow === owing) started += 1;
  expect(queue.deferredOf(owing)).toBe(0);
  expect(queue.tagOf(owing) - from).toBe(12 * 100 + 1_000);
});

test('[K74] a long call that ends after its app came back is debt as well; one from this stay is charged at once', () => {
  const queue = new FairQueue();
  const other = queue.flowOf('standard', 'home', 'other');
  const owing = queue.flowOf('standard', 'home', 'owing');
  const old = queue.ticket(owing, null, 100);
  queue.push(old, 0);
  queue.pop();
  for (let call = 0; call < 100; call += 1) queue.push(queue.ticket(other, null, 10), 0);
  const tickets = Array.from({ length: 5 }, () => queue.ticket(owing, null, 100));
  for (const ticket of tickets) queue.push(ticket, 0);
  const before = queue.tagOf(owing);
  queue.finish(old, 1_000, 0);
  expect(queue.tagOf(owing)).toBe(before);
  let running = queue.pop();
  while (running?.flow !== owing) running = queue.pop();
  const charged = queue.tagOf(owing);
  queue.finish(running, 5_000, 0);
  expect(queue.tagOf(owing)).toBe(charged + 4_900);
});
