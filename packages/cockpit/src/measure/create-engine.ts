/**
 * From the log to ledgers. Reads exposures and KPI events in the one order of the log, O(1) per event, and keeps nothing
 * of its own: what it knows after a restart is rebuilt from the log, the same bit for bit.
 */
import { createHash } from 'node:crypto';
import type { LoggedEvent, LoggedExposure, LogPosition, ManagedExperiment, Store } from '@myriad/contracts';
import { aggregateOf } from '@myriad/lift';
import {
  countEvent,
  type ExperimentBook,
  eventsOf,
  exposeUnit,
  look,
  measuresOf,
  openBook,
} from './experiment-book.ts';
import { type DefinitionOf, manifestOf, planOf } from './experiment-plan.ts';
import { createHeldEvents, type HeldEvents } from './held-events.ts';
import { countWorth, type HoldoutBook, meetUnit } from './holdout-book.ts';

export interface Engine {
  /** Reads what was written since; returns how many exposures and events. Calls wait for each other. */
  advance(until?: { readonly exposures: number; readonly events: number }): Promise<number>;
  readonly books: ReadonlyMap<string, ExperimentBook>;
  /** All apps together against units kept without any; null without such a holdout. */
  readonly holdout: HoldoutBook | null;
  readonly position: LogPosition;
  /** Events of the log whose KPI no experiment reads, or whose unit none knew, by tenant. */
  readonly unread: number;
  /** SHA-256 over every sum, count and look. */
  fingerprint(): string;
}

export interface EngineParts {
  readonly store: Pick<Store, 'apps' | 'log'>;
  readonly definitionOf: DefinitionOf;
  /** Experiment that a person started, by its name in the log. */
  readonly managedOf?: (key: string) => ManagedExperiment | null;
  /** Opens the book of the global holdout and names the tenant that it is about. */
  readonly openHoldout?: () => { readonly tenant: string; readonly book: HoldoutBook } | null;
  readonly pageSize?: number;
}

const bucketMs = 6 * 3_600_000;

export function createEngine(parts: EngineParts): Engine {
  const { store, definitionOf, managedOf = () => null, openHoldout = () => null, pageSize = 5_000 } = parts;
  const holdout = openHoldout();
  const books = new Map<string, ExperimentBook>();
  /** Experiments without a plan: their app or version is gone. */
  const unplanned = new Set<string>();
  const readers = new Map<string, ExperimentBook[]>();
  const held = new Map<string, HeldEvents>();
  const ratios = new Map<string, number>();
  const buckets = new Map<string, number>();
  let exposures = 0;
  let events = 0;
  let unread = 0;
  let lagMs: number | null = null;
  let working: Promise<unknown> = Promise.resolve();

  async function prepare(page: readonly LoggedExposure[]): Promise<void> {
    for (const exposure of page) {
      const { experiment, appId, version } = exposure;
      if (!books.has(experiment) && !unplanned.has(experiment)) {
        const plan = await planOf(store, definitionOf, exposure, managedOf(experiment));
        if (plan) open(openBook(plan, events));
        else unplanned.add(experiment);
      }
      const key = `${appId} ${version}`;
      if (!ratios.has(key))
        ratios.set(key, (await manifestOf(store, appId, version))?.kpi?.experiment?.holdoutRatio ?? 0);
    }
  }
  function open(book: ExperimentBook): void {
    const { experiment, tenant } = book.plan;
    books.set(experiment, book);
    for (const kpi of new Set(measuresOf(book).flatMap(eventsOf))) {
      const key = `${tenant} ${kpi}`;
      readers.set(key, [...(readers.get(key) ?? []), book]);
    }
  }
  /** A look at the tenant's experiments whenever the log crosses a quarter of a day. */
  function passTime(tenant: string, time: number): void {
    const bucket = Math.floor(time / bucketMs);
    const before = buckets.get(tenant);
    if (before !== undefined && bucket <= before) return;
    buckets.set(tenant, bucket);
    if (before === undefined) return;
    for (const book of books.values()) if (book.plan.tenant === tenant) look(book, (before + 1) * bucketMs);
  }
  function applyExposure(exposure: LoggedExposure): void {
    exposures = exposure.sequence;
    const book = books.get(exposure.experiment);
    if (!book) return;
    passTime(book.plan.tenant, exposure.time);
    const heldOf = (kpi: string) => held.get(`${book.plan.tenant} ${kpi}`)?.of(exposure.unit) ?? [];
    if (holdout?.tenant === book.plan.tenant) meetUnit(holdout.book, exposure, heldOf);
    // kept from every app, so no part of this one's comparison
    if (exposure.assigned === 'global_holdout') return;
    const own = ratios.get(`${exposure.appId} ${exposure.version}`);
    const ratio = book.plan.managed === null && own ? own : book.plan.holdoutRatio;
    exposeUnit(book, exposure, ratio, heldOf);
  }
  function applyEvent(event: LoggedEvent): void {
    events = event.sequence;
    lagMs = Math.max(0, event.receivedAt - event.time);
    passTime(event.tenant, event.receivedAt);
    const key = `${event.tenant} ${event.kpi}`;
    let kept = held.get(key);
    if (!kept) {
      kept = createHeldEvents();
      held.set(key, kept);
    }
    kept.add(event.unit, { id: event.id, sequence: event.sequence, value: event.value, time: event.time });
    if (holdout?.tenant === event.tenant) countWorth(holdout.book, event.kpi, event.unit, event);
    const targets = readers.get(key) ?? [];
    if (!targets.some((book) => book.exposed.has(event.unit))) unread += 1;
    for (const book of targets) countEvent(book, event.kpi, event.unit, event);
  }

  async function step(until: { readonly exposures: number; readonly events: number } | undefined): Promise<number> {
    // Events first: then every exposure that stands before the last of them is there to be read.
    let page = await store.log.events({ after: events, limit: pageSize });
    if (until) page = page.filter(({ sequence }) => sequence <= until.events);
    const edge = page.at(-1)?.sequence ?? events;
    let done = 0;
    let waiting: readonly LoggedExposure[] = [];
    let more = true;
    const take = async () => {
      const after = waiting.at(-1)?.sequence ?? exposures;
      let next = await store.log.exposures({ after, limit: pageSize });
      more = next.length === pageSize;
      if (until) next = next.filter(({ sequence }) => sequence <= until.exposures);
      await prepare(next);
      waiting = [...waiting, ...next];
    };
    await take();
    let at = 0;
    const applyBefore = async (limit: number) => {
      for (;;) {
        const next = waiting[at];
        if (!next && more) {
          waiting = [];
          at = 0;
          await take();
          if (waiting.length === 0) return;
          continue;
        }
        if (!next || next.afterEvent >= limit) return;
        applyExposure(next);
        at += 1;
        done += 1;
      }
    };
    for (const event of page) {
      await applyBefore(event.sequence);
      applyEvent(event);
      done += 1;
    }
    await applyBefore(edge + 1);
    return done;
  }

  return {
    advance(until) {
      const run = working.then(async () => {
        let total = 0;
        for (;;) {
          const done = await step(until);
          total += done;
          if (done === 0) return total;
        }
      });
      working = run.catch(() => {});
      return run;
    },
    books,
    holdout: holdout?.book ?? null,
    get position() {
      return { exposures, events, lagMs };
    },
    get unread() {
      return unread;
    },
    fingerprint() {
      const hash = createHash('sha256');
      for (const experiment of [...books.keys()].sort()) {
        const book = books.get(experiment) as ExperimentBook;
        const sums = measuresOf(book).map(({ ledger }) => [
          aggregateOf(ledger, 'capped').arms,
          aggregateOf(ledger, 'uncapped').arms,
        ]);
        const delivered = book.delivered.map((map) => [...map].sort());
        hash.update(
          JSON.stringify([experiment, sums, book.counts, book.looks, book.sampleRatioPValue, delivered, book.firstAt]),
        );
      }
      if (holdout) hash.update(JSON.stringify(aggregateOf(holdout.book.ledger).arms));
      return hash.digest('hex');
    },
  };
}
