/**
 * Hands the slots of endpoints to waiting calls in fair order. Endpoints that can serve the same calls form a pool with
 * one fair queue; pools that share an endpoint take turns by the weight that waits in them. Knows nothing of promises:
 * it calls back, so the same class runs under a virtual clock.
 */
import { type Clock, MyriadError, type Priority } from '@myriad/contracts';
import type { EndpointSlots } from './endpoint-slots.ts';
import { FairQueue, type FairQueueOptions, type QueueTicket } from './fair-queue.ts';

export interface SlotRequest {
  readonly priority: Priority;
  readonly tenant: string;
  readonly appId: string;
  readonly user: string | null;
  /** Expected token cost: input + twice the output, as `tokenCost` counts. */
  readonly inputTokens: number;
  /** Used until the app's own output is known. */
  readonly outputTokens: number;
  /** Clock time after which a slot is of no use. */
  readonly deadlineAt: number;
  /** One of the endpoints that have a slot free. */
  choose(free: readonly EndpointSlots[]): EndpointSlots;
  /** Called once, perhaps before `submit` returns. */
  onSlot(slot: Slot): void;
}

/** A place in an endpoint, to be given back by `release`. */
export interface Slot {
  readonly slots: EndpointSlots;
  readonly ticket: QueueTicket;
  readonly pool: Pool;
  readonly grantedAt: number;
  released: boolean;
}

export interface WaitingCall {
  readonly pool: Pool;
  readonly ticket: RequestTicket;
}

interface RequestTicket extends QueueTicket {
  request: SlotRequest;
}

export interface Pool {
  readonly key: string;
  readonly endpoints: readonly EndpointSlots[];
  readonly queue: FairQueue;
  /** Virtual start of the pool among those that share endpoints with it. */
  tag: number;
  /** Moving average of how long a slot is held. */
  holdMs: number;
}

export interface SlotSchedulerOptions {
  readonly clock: Clock;
  readonly queuePerApp: number;
  readonly queue?: FairQueueOptions;
  /** Plan weight of a tenant; 1 unless said. */
  readonly tenantWeight?: (tenant: string) => number;
}

/** Cost of a call in virtual time: VTC's weights, 1 an input token and 2 an output token. */
export function tokenCost(inputTokens: number, outputTokens: number): number {
  return inputTokens + 2 * outputTokens;
}

const keepPools = 256;

export class SlotScheduler {
  readonly #clock: Clock;
  readonly #queuePerApp: number;
  readonly #queueOptions: FairQueueOptions;
  readonly #tenantWeight: ((tenant: string) => number) | undefined;
  readonly #pools = new Map<string, Pool>();
  readonly #poolsOf = new Map<EndpointSlots, Pool[]>();
  readonly #wakes = new Map<EndpointSlots, { at: number; cancel: () => void }>();
  #shares: ReadonlyMap<string, number> = new Map();
  readonly #free: EndpointSlots[] = [];
  #pumping = false;
  #pumpAgain = false;

  constructor(options: SlotSchedulerOptions) {
    this.#clock = options.clock;
    this.#queuePerApp = options.queuePerApp;
    this.#queueOptions = options.queue ?? {};
    this.#tenantWeight = options.tenantWeight;
  }

  /** The pool of exactly these endpoints. */
  pool(endpoints: readonly EndpointSlots[]): Pool {
    let key = '';
    for (const slots of endpoints) key += `${slots.endpoint.id} `;
    const known = this.#pools.get(key);
    if (known?.endpoints.every((slots, at) => slots === endpoints[at])) return known;
    if (this.#pools.size >= keepPools) this.#dropIdlePools();
    const pool: Pool = { key, endpoints: [...endpoints], queue: new FairQueue(this.#queueOptions), tag: 0, holdMs: 0 };
    this.#pools.set(key, pool);
    for (const slots of pool.endpoints) {
      const pools = this.#poolsOf.get(slots);
      if (pools) pools.push(pool);
      else this.#poolsOf.set(slots, [pool]);
    }
    return pool;
  }

  /** Lift factors by app, already clamped; applied to flows as they come. */
  setShares(shares: ReadonlyMap<string, number>): void {
    this.#shares = shares;
  }

  queuedAt(slots: EndpointSlots): number {
    let queued = 0;
    for (const pool of this.#poolsOf.get(slots) ?? []) queued += pool.queue.waiting;
    return queued;
  }

  /**
   * Queues a call, or grants a slot before returning when one is free.
   *
   * @throws MyriadError `queue_full` when the app's queue is full, `deadline_exceeded` when the predicted wait passes
   * the deadline, `upstream_unavailable` when every endpoint is closed off until after it; each with a time to wait.
   */
  submit(pool: Pool, request: SlotRequest): WaitingCall {
    const now = this.#clock.now();
    const { queue } = pool;
    const flow = queue.flowOf(request.priority, request.tenant, request.appId);
    queue.setWeight(flow, this.#shares.get(request.appId) ?? 1);
    if (this.#tenantWeight) queue.setTenantWeight(request.tenant, this.#tenantWeight(request.tenant));
    const hasFree = pool.endpoints.some((slots) => slots.isFree(now));
    if (!hasFree || queue.waiting > 0) this.#admit(pool, flow, request, now);
    const outputTokens = queue.expectedOutput(flow) || request.outputTokens;
    const ticket = queue.ticket(flow, request.user, tokenCost(request.inputTokens, outputTokens)) as RequestTicket;
    ticket.request = request;
    if (queue.waiting === 0) pool.tag = Math.max(pool.tag, this.#leastTag(pool));
    queue.push(ticket, now);
    if (hasFree) this.#pump(pool.endpoints, now);
    else for (const slots of pool.endpoints) this.#wakeLater(slots, now);
    return { pool, ticket };
  }

  /** A slot at once or not at all, past the queue; for hedges. The caller still releases it. */
  grantNow(pool: Pool, request: SlotRequest): boolean {
    const now = this.#clock.now();
    if (pool.queue.waiting > 0 || !pool.endpoints.some((slots) => slots.isFree(now) && this.queuedAt(slots) === 0))
      return false;
    this.submit(pool, request);
    return true;
  }

  cancel({ pool, ticket }: WaitingCall): void {
    pool.queue.cancel(ticket, this.#clock.now());
  }

  /** Gives a slot back and books what the call cost; the next in fair order gets it. */
  release(slot: Slot, inputTokens: number, outputTokens: number): void {
    if (slot.released) return;
    slot.released = true;
    const now = this.#clock.now();
    const { pool, ticket, slots } = slot;
    slots.inFlight -= 1;
    pool.queue.finish(ticket, tokenCost(inputTokens, outputTokens), now);
    if (outputTokens > 0) pool.queue.learnOutput(ticket.flow, outputTokens);
    const heldMs = now - slot.grantedAt;
    pool.holdMs = pool.holdMs === 0 ? heldMs : pool.holdMs + 0.05 * (heldMs - pool.holdMs);
    this.#pump([slots], now);
  }

  /**
   * Milliseconds until a new call of the flow would start: the calls before it in fair order, by the mean time that a
   * slot is held, over the slots. 0 while nothing is known.
   */
  predictWaitMs(pool: Pool, flow: number, now: number): number {
    let width = 0;
    let opensAt = Number.POSITIVE_INFINITY;
    for (const slots of pool.endpoints) {
      width += slots.width(now);
      opensAt = Math.min(opensAt, slots.opensAt(now));
    }
    const closedMs = width === 0 ? opensAt - now : 0;
    const waiting = pool.queue.waiting;
    const own = pool.queue.waitingOf(flow) + 1;
    // Fair order lets each of the others pass at most as often as this flow does.
    const ahead = Math.min(waiting + 1, own * pool.queue.waitingFlows);
    return closedMs + (ahead * pool.holdMs) / Math.max(1, width);
  }

  #admit(pool: Pool, flow: number, request: SlotRequest, now: number): void {
    const predictedMs = Math.ceil(this.predictWaitMs(pool, flow, now));
    const waiting = pool.queue.waitingOf(flow);
    const facts = { appId: request.appId, waiting, predictedWaitMs: predictedMs };
    const retryAfterMs = Math.max(1_000, predictedMs);
    if (waiting >= this.#queuePerApp)
      throw new MyriadError('queue_full', `${waiting} calls of this app wait already; its queue holds no more.`, {
        facts: { ...facts, queuePerApp: this.#queuePerApp },
        retryAfterMs,
      });
    if (now + predictedMs <= request.deadlineAt) return;
    if (pool.endpoints.every((slots) => slots.health.circuit(now) === 'open'))
      throw new MyriadError('upstream_unavailable', 'Every model server that can do this has failed lately.', {
        facts,
        retryAfterMs,
      });
    throw new MyriadError(
      'deadline_exceeded',
      `A slot would come free in about ${predictedMs} ms, after the deadline in ${Math.max(0, request.deadlineAt - now)} ms.`,
      { facts, retryAfterMs },
    );
  }

  #leastTag(pool: Pool): number {
    let least = Number.POSITIVE_INFINITY;
    for (const slots of pool.endpoints)
      for (const other of this.#poolsOf.get(slots) ?? [])
        if (other !== pool && other.queue.waiting > 0 && other.tag < least) least = other.tag;
    return Number.isFinite(least) ? least : 0;
  }

  /** Fills free slots of the endpoints. A grant may submit or release in its turn; those are served by the same loop. */
  #pump(endpoints: readonly EndpointSlots[], now: number): void {
    if (this.#pumping) {
      this.#pumpAgain = true;
      return;
    }
    this.#pumping = true;
    try {
      for (const slots of endpoints) this.#fill(slots, now);
      while (this.#pumpAgain) {
        this.#pumpAgain = false;
        for (const pool of this.#pools.values())
          if (pool.queue.waiting > 0) for (const slots of pool.endpoints) this.#fill(slots, now);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #fill(slots: EndpointSlots, now: number): void {
    const pools = this.#poolsOf.get(slots);
    if (!pools) return;
    while (slots.isFree(now)) {
      let next: Pool | null = null;
      for (const pool of pools) if (pool.queue.waiting > 0 && (!next || pool.tag < next.tag)) next = pool;
      if (!next) return;
      this.#grant(next, now);
    }
    this.#wakeLater(slots, now);
  }

  #grant(pool: Pool, now: number): void {
    const ticket = pool.queue.pop() as RequestTicket;
    pool.tag += ticket.estimate / Math.max(1, pool.queue.waitingFlows);
    const free = this.#free;
    free.length = 0;
    for (const slots of pool.endpoints) if (slots.isFree(now)) free.push(slots);
    const slots = free.length === 1 ? (free[0] as EndpointSlots) : ticket.request.choose(free);
    slots.inFlight += 1;
    ticket.request.onSlot({ slots, ticket, pool, grantedAt: now, released: false });
  }

  /** Sets an alarm for the moment at which a closed-off endpoint may be tried again. */
  #wakeLater(slots: EndpointSlots, now: number): void {
    const at = slots.opensAt(now);
    if (at <= now || this.queuedAt(slots) === 0) return;
    const known = this.#wakes.get(slots);
    if (known && known.at <= at && known.at > now) return;
    known?.cancel();
    const cancel = this.#clock.after(at - now, () => {
      this.#wakes.delete(slots);
      this.#pump([slots], this.#clock.now());
    });
    this.#wakes.set(slots, { at, cancel });
  }

  #dropIdlePools(): void {
    for (const [key, pool] of this.#pools) {
      if (pool.queue.waiting > 0 || pool.endpoints.some((slots) => slots.inFlight > 0)) continue;
      this.#pools.delete(key);
      for (const slots of pool.endpoints) {
        const pools = (this.#poolsOf.get(slots) ?? []).filter((other) => other !== pool);
        if (pools.length > 0) this.#poolsOf.set(slots, pools);
        else this.#poolsOf.delete(slots);
      }
    }
  }
}
