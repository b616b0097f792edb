/**
 * Hierarchical weighted start-time fair queueing over slots, SFQ(D): class → tenant → app → end user.
 *
 * Start-time fair queueing: Goyal, Vin, Cheng 1996; with depth D: Jin, Chase, Kaur 2004 ("Interposed proportional
 * sharing"), theorem 1. Virtual time is token cost, and a flow that comes back is lifted to the least tag of those
 * waiting: Sheng et al. 2024, "Fairness in serving large language models" (VTC), algorithm 2. Two things are added:
 * - debt on re-entry is bounded: what a flow owes beyond `debtBound` is deferred, and paid in instalments (each later
 *   ticket is charged up to twice) instead of in waiting. At most `deferBound` is deferred, so no flow gains more;
 * - idle time pays deferred debt first, and is otherwise not saved up.
 */
import type { Priority } from '@myriad/contracts';
import { FlowTable } from './flow-table.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { type HeapTicket, pushTicket, removeTicket } from './ticket-heap.ts';
import { UserService } from './user-service.ts';

/** Weights of the classes; the batch class never falls under `batchFloor` while it has work. */
export const classWeights: Readonly<Record<Priority, number>> = { interactive: 12, standard: 6, batch: 1 };
export const batchFloor = 0.05;

export interface QueueTicket extends HeapTicket {
  /** App flow, from `flowOf`. */
  readonly flow: number;
  /** Name of the end user inside the app, or null. */
  readonly user: string | null;
  /** Token cost charged at dispatch. */
  readonly estimate: number;
  state: 'waiting' | 'running' | 'done';
  /** Place in the order of arrivals and dispatches. */
  dispatched: number;
}

export interface FairQueueOptions {
  /** Debt that a flow keeps on re-entry, in token cost; 0 unless said. */
  readonly debtBound?: number;
  /** Debt that a flow may defer at most, in token cost; the mean cost of 128 calls unless said. */
  readonly deferBound?: number;
  /** Flows kept before idle ones without debt are reused. */
  readonly keepFlows?: number;
}

interface Group {
  /** The group's own flow in the group above; -1 for the root. */
  readonly flow: number;
  readonly above: Group | null;
  readonly heap: IndexedHeap;
  /** Virtual time while nobody waits: the latest start tag, or when all was quiet the latest finish tag. */
  lastTag: number;
  latestFinish: number;
  children: number;
}

const deferCalls = 128;
const firstMeanCost = 1_000;
const meanRatio = 0.01;
const priorities: readonly Priority[] = ['interactive', 'standard', 'batch'];
export class FairQueue {
  readonly #table = new FlowTable();
  /** Learned output tokens of any call; 0 at first. */
  #expectedOfAny = 0;
  #heads: (HeapTicket | null)[] = [];
  #names: (string | null)[] = [];
  #tenantGroups: (Group | null)[] = [];
  readonly #groups: (Group | null)[] = [];
  readonly #freeGroups: number[] = [];
  readonly #groupNumber = new Map<Group, number>();
  readonly #flows = new Map<string, number>();
  readonly #users = new UserService();
  readonly #root: Group;
  readonly #classFlows: Readonly<Record<Priority, number>>;
  readonly #classGroups: Readonly<Record<Priority, Group>>;
  readonly #debtBound: number;
  readonly #deferBound: number | null;
  /** Moving average of what calls cost. */
  #meanCost = firstMeanCost;
  readonly #keepFlows: number;
  #hand = 0;
  #sequence = 0;
  #waitingFlows = 0;

  constructor(options: FairQueueOptions = {}) {
    this.#debtBound = options.debtBound ?? 0;
    this.#deferBound = options.deferBound ?? null;
    this.#keepFlows = options.keepFlows ?? 200_000;
    this.#root = this.#openGroup(-1, null);
    const flows: Record<string, number> = {};
    const groups: Record<string, Group> = {};
    for (const priority of priorities) {
      const flow = this.#open(this.#root, classWeights[priority]);
      flows[priority] = flow;
      groups[priority] = this.#openGroup(flow, this.#root);
    }
    this.#classFlows = flows as Record<Priority, number>;
    this.#classGroups = groups as Record<Priority, Group>;
  }

  /** Tickets that wait. */
  get waiting(): number {
    const { interactive, standard, batch } = this.#classFlows;
    return (
      (this.#table.waiting[interactive] as number) +
      (this.#table.waiting[standard] as number) +
      (this.#table.waiting[batch] as number)
    );
  }

  /** App flows that have a ticket waiting. */
  get waitingFlows(): number {
    return this.#waitingFlows;
  }

  get flowCount(): number {
    return this.#flows.size;
  }

  /** Tickets of the flow that wait. */
  waitingOf(flow: number): number {
    return this.#table.waiting[flow] as number;
  }

  runningOf(flow: number): number {
    return this.#table.running[flow] as number;
  }

  /** Virtual finish tag of a flow, its next start tag when it waits. */
  tagOf(flow: number): number {
    return this.#table.key[flow] as number;
  }

  deferredOf(flow: number): number {
    return this.#table.deferred[flow] as number;
  }

  weightOf(flow: number): number {
    return this.#table.weight[flow] as number;
  }

  setWeight(flow: number, weight: number): void {
    this.#table.weight[flow] = weight;
  }

  /** Output tokens that a call of the flow is expected to have; of any flow while its own are not known; 0 at first. */
  expectedOutput(flow: number): number {
    return (this.#table.expected[flow] as number) || this.#expectedOfAny;
  }

  learnOutput(flow: number, tokens: number): void {
    const any = this.#expectedOfAny;
    this.#expectedOfAny = any === 0 ? Math.max(1, tokens) : any + 0.02 * (tokens - any);
    const known = this.#table.expected[flow] as number;
    this.#table.expected[flow] = known === 0 ? Math.max(1, tokens) : known + 0.2 * (tokens - known);
  }

  /** Number of an app's flow in a class; made when new. Numbers of flows that owe and wait nothing are reused. */
  flowOf(priority: Priority, tenant: string, appId: string, weight = 1): number {
    const name = `${priority}|${tenant}|${appId}`;
    const known = this.#flows.get(name);
    if (known !== undefined) return known;
    if (this.#flows.size >= this.#keepFlows) this.#sweep();
    const group = this.#tenantGroup(priority, tenant);
    const flow = this.#open(group, weight);
    this.#names[flow] = name;
    this.#flows.set(name, flow);
    return flow;
  }

  /** Sets a tenant's plan weight in every class. */
  setTenantWeight(tenant: string, weight: number): void {
    for (const priority of priorities) this.#table.weight[this.#tenantGroup(priority, tenant).flow] = weight;
  }

  /** A ticket's links and state; the caller adds its own fields. */
  ticket(flow: number, user: string | null, estimate: number): QueueTicket {
    return {
      flow,
      user,
      estimate,
      turn: 0,
      sequence: 0,
      child: null,
      next: null,
      previous: null,
      state: 'waiting',
      dispatched: 0,
    };
  }

  push(ticket: QueueTicket, now: number): void {
    const { flow } = ticket;
    if (this.#table.waiting[flow] === 0) this.#waitingFlows += 1;
    this.#sequence += 1;
    ticket.sequence = this.#sequence;
    ticket.state = 'waiting';
    if (ticket.user !== null) this.#table.named[flow] = 1;
    ticket.turn = this.#serve(flow, ticket.user, ticket.estimate, now);
    this.#heads[flow] = pushTicket(this.#heads[flow] ?? null, ticket);
    this.#wait(flow);
  }

  /** The next ticket in fair order, charged and counted as running; null when none waits. */
  pop(): QueueTicket | null {
    let group = this.#root;
    if (group.heap.size === 0) return null;
    let flow = group.heap.top;
    for (;;) {
      const below = this.#tenantGroups[flow];
      if (!below) break;
      group = below;
      flow = group.heap.top;
    }
    const ticket = this.#heads[flow] as QueueTicket;
    this.#heads[flow] = removeTicket(ticket, ticket);
    if (this.#table.waiting[flow] === 1) this.#waitingFlows -= 1;
    ticket.state = 'running';
    this.#sequence += 1;
    ticket.dispatched = this.#sequence;
    this.#charge(flow, group, ticket.estimate);
    return ticket;
  }

  /** Takes a waiting ticket out. */
  cancel(ticket: QueueTicket, now: number): void {
    if (ticket.state !== 'waiting') return;
    ticket.state = 'done';
    const { flow } = ticket;
    this.#heads[flow] = removeTicket(this.#heads[flow] as HeapTicket, ticket);
    if (this.#table.waiting[flow] === 1) this.#waitingFlows -= 1;
    this.#serve(flow, ticket.user, -ticket.estimate, now);
    for (let at = flow, group = this.#groupOf(flow); ; at = group.flow, group = group.above as Group) {
      this.#table.waiting[at] = (this.#table.waiting[at] as number) - 1;
      if (this.#table.waiting[at] === 0) group.heap.remove(at);
      if (!group.above) return;
    }
  }

  /** Ends a running ticket: the estimate charged at dispatch becomes what it cost. */
  finish(ticket: QueueTicket, actual: number, now: number): void {
    if (ticket.state !== 'running') return;
    ticket.state = 'done';
    this.#meanCost += meanRatio * (actual - this.#meanCost);
    const difference = actual - ticket.estimate;
    if (difference !== 0) this.#serve(ticket.flow, ticket.user, difference, now);
    const { key, position } = this.#table;
    for (let at = ticket.flow, group = this.#groupOf(at); ; at = group.flow, group = group.above as Group) {
      const left = (this.#table.running[at] as number) - 1;
      this.#table.running[at] = left;
      if (difference !== 0) {
        const booked = difference > 0 ? this.#overrun(at, group, ticket, difference) : -this.#refund(at, -difference);
        const finish = (key[at] as number) + booked / (this.#table.weight[at] as number);
        key[at] = finish;
        if (finish > group.latestFinish) group.latestFinish = finish;
        if ((position[at] as number) >= 0) group.heap.update(at);
      }
      if (left === 0) this.#table.forgiven[at] = 0;
      // The end of a busy period: nobody owes anybody (Goyal et al., section 2, rule 2).
      const running = group.above ? (this.#table.running[group.flow] as number) - 1 : this.#runningAll();
      if (running === 0 && group.heap.size === 0) group.lastTag = group.latestFinish;
      if (!group.above) return;
    }
  }

  /** Puts off what it may of a debt, and says how much that was. */
  #defer(flow: number, debt: number): number {
    const deferred = this.#table.deferred[flow] as number;
    const bound = this.#deferBound ?? deferCalls * this.#meanCost;
    const over = Math.max(0, Math.min(debt, bound - deferred));
    this.#table.deferred[flow] = deferred + over;
    return over;
  }

  /** What a call that cost more than estimated adds to its flow's tag: one from before the flow last came back is debt. */
  #overrun(flow: number, group: Group, ticket: QueueTicket, amount: number): number {
    const isOld = ticket.dispatched < (this.#table.entered[flow] as number);
    const waits = (this.#table.position[flow] as number) >= 0;
    if (!isOld || !waits || !group.above || this.#debtBound === Number.POSITIVE_INFINITY) return amount;
    return amount - this.#defer(flow, amount);
  }

  /** What is left of a refund after charges that were struck off or put off. */
  #refund(flow: number, amount: number): number {
    const forgiven = Math.min(amount, this.#table.forgiven[flow] as number);
    if (forgiven > 0) this.#table.forgiven[flow] = (this.#table.forgiven[flow] as number) - forgiven;
    const rest = amount - forgiven;
    const deferred = Math.min(rest, this.#table.deferred[flow] as number);
    if (deferred > 0) this.#table.deferred[flow] = (this.#table.deferred[flow] as number) - deferred;
    return rest - deferred;
  }

  /** Bytes of typed arrays in use, for the bound of 64 an app. */
  get byteLength(): number {
    let heaps = 0;
    for (const group of this.#groups) heaps += group ? group.heap.byteLength : 0;
    return this.#table.byteLength + heaps;
  }

  #runningAll(): number {
    const { interactive, standard, batch } = this.#classFlows;
    return (
      (this.#table.running[interactive] as number) +
      (this.#table.running[standard] as number) +
      (this.#table.running[batch] as number)
    );
  }

  /** Adds to what a user of the app attained and returns what it was; apps that name no users keep no such record. */
  #serve(flow: number, user: string | null, cost: number, now: number): number {
    if (this.#table.named[flow] === 0) return 0;
    return this.#users.add(`${flow}|${user ?? ''}`, cost, now);
  }

  #groupOf(flow: number): Group {
    return this.#groups[this.#table.group[flow] as number] as Group;
  }

  #wait(leaf: number): void {
    for (let at = leaf, group = this.#groupOf(leaf); ; at = group.flow, group = group.above as Group) {
      const before = this.#table.waiting[at] as number;
      this.#table.waiting[at] = before + 1;
      if (before === 0) this.#enter(at, group);
      if (!group.above) return;
    }
  }

  /** A flow begins to wait: its tag is lifted to virtual time, its debt bounded. */
  #enter(flow: number, group: Group): void {
    const { key } = this.#table;
    const virtualTime = group.heap.size > 0 ? (key[group.heap.top] as number) : group.lastTag;
    const tag = key[flow] as number;
    const weight = this.#table.weight[flow] as number;
    const deferred = this.#table.deferred[flow] as number;
    this.#table.entered[flow] = this.#sequence;
    if (tag <= virtualTime) {
      if (deferred > 0) this.#table.deferred[flow] = Math.max(0, deferred - (virtualTime - tag) * weight);
      key[flow] = virtualTime;
    } else if (group.heap.size === 0) {
      // What is taken while nobody else waits is taken from nobody.
      if (this.#table.running[flow] !== 0)
        this.#table.forgiven[flow] = (this.#table.forgiven[flow] as number) + (tag - virtualTime) * weight;
      key[flow] = virtualTime;
    } else if (group.above) {
      // Classes keep their whole debt: they are few, and their shares are promises.
      key[flow] = tag - this.#defer(flow, (tag - virtualTime) * weight - this.#debtBound) / weight;
    }
    group.heap.push(flow);
  }

  #charge(leaf: number, leafGroup: Group, cost: number): void {
    const { key } = this.#table;
    for (let at = leaf, group = leafGroup; ; at = group.flow, group = group.above as Group) {
      const tag = key[at] as number;
      if (tag > group.lastTag) group.lastTag = tag;
      const deferred = this.#table.deferred[at] as number;
      const instalment = Math.min(deferred, cost);
      if (instalment > 0) this.#table.deferred[at] = deferred - instalment;
      const finish = tag + (cost + instalment) / (this.#table.weight[at] as number);
      key[at] = finish;
      if (finish > group.latestFinish) group.latestFinish = finish;
      this.#table.running[at] = (this.#table.running[at] as number) + 1;
      const waiting = (this.#table.waiting[at] as number) - 1;
      this.#table.waiting[at] = waiting;
      if (waiting === 0) group.heap.remove(at);
      else group.heap.update(at);
      if (!group.above) return;
    }
  }

  #tenantGroup(priority: Priority, tenant: string): Group {
    const name = `${priority}|${tenant}`;
    const known = this.#flows.get(name);
    if (known !== undefined) return this.#tenantGroups[known] as Group;
    const flow = this.#open(this.#classGroups[priority], 1);
    this.#names[flow] = name;
    this.#flows.set(name, flow);
    return this.#openGroup(flow, this.#classGroups[priority]);
  }

  #openGroup(flow: number, above: Group | null): Group {
    const group: Group = { flow, above, heap: new IndexedHeap(this.#table), lastTag: 0, latestFinish: 0, children: 0 };
    const number = this.#freeGroups.pop() ?? this.#groups.length;
    this.#groups[number] = group;
    this.#groupNumber.set(group, number);
    if (flow >= 0) this.#tenantGroups[flow] = group;
    return group;
  }

  #open(group: Group, weight: number): number {
    const flow = this.#table.add(this.#groupNumber.get(group) as number, group.lastTag, weight);
    this.#heads[flow] = null;
    this.#names[flow] = null;
    this.#tenantGroups[flow] = null;
    group.children += 1;
    return flow;
  }

  /** Looks at a few flows with a clock hand and frees those that would enter as new. */
  #sweep(): void {
    for (let looked = 0; looked < 64; looked += 1) {
      this.#hand = this.#hand + 1 >= this.#table.size ? priorities.length : this.#hand + 1;
      const flow = this.#hand;
      const name = this.#names[flow];
      if (
        !name ||
        this.#table.waiting[flow] !== 0 ||
        this.#table.running[flow] !== 0 ||
        this.#table.deferred[flow] !== 0
      )
        continue;
      const group = this.#groupOf(flow);
      const virtualTime = group.heap.size > 0 ? (this.#table.key[group.heap.top] as number) : group.lastTag;
      const own = this.#tenantGroups[flow];
      const owes = group.heap.size > 0 && (this.#table.key[flow] as number) > virtualTime;
      if (owes || (own && own.children > 0)) continue;
      this.#flows.delete(name);
      this.#names[flow] = null;
      if (own) {
        const number = this.#groupNumber.get(own) as number;
        this.#groups[number] = null;
        this.#groupNumber.delete(own);
        this.#freeGroups.push(number);
        this.#tenantGroups[flow] = null;
      }
      group.children -= 1;
      this.#table.free(flow);
    }
  }
}
