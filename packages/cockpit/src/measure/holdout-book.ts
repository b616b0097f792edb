/**
 * What all apps under experiment earn together: units kept without any of them against everyone else, in money. The
 * first level of three (all apps, family, app), because most of many small apps can never be separated alone.
 */
import type { LoggedExposure } from '@myriad/contracts';
import { createUnitLedger, expose, record, type UnitLedger } from '@myriad/lift';
import type { HeldEvent } from './held-events.ts';

/** A KPI with a declared worth, as it counts here. */
export interface WorthKpi {
  readonly name: string;
  /** Micros of the house's currency for one unit of the KPI; negative where less is better. */
  readonly microsPerUnit: number;
  /** Largest total of a unit that counts; null for none. */
  readonly cap: number | null;
  readonly windowMs: number;
}

export interface HoldoutBook {
  readonly since: number;
  readonly kpis: ReadonlyMap<string, WorthKpi>;
  /** Money a unit, arm 0 kept without apps. */
  readonly ledger: UnitLedger;
  readonly firstAt: Map<string, number>;
  /** Uncapped total of a KPI, by KPI and unit. */
  readonly totals: Map<string, number>;
}

export function openHoldoutBook(since: number, kpis: readonly WorthKpi[]): HoldoutBook {
  return {
    since,
    kpis: new Map(kpis.map((kpi) => [kpi.name, kpi])),
    ledger: createUnitLedger({ shape: { metric: 'mean', covariate: false }, arms: 2 }),
    firstAt: new Map(),
    totals: new Map(),
  };
}

/** Counts a unit when it first meets any app under experiment. */
export function meetUnit(
  book: HoldoutBook,
  exposure: LoggedExposure,
  heldOf: (kpi: string) => readonly HeldEvent[],
): void {
  const { unit, time, assigned } = exposure;
  if (time < book.since || book.firstAt.has(unit)) return;
  book.firstAt.set(unit, time);
  expose(book.ledger, { unit, arm: assigned === 'global_holdout' ? 0 : 1 });
  for (const kpi of book.kpis.keys()) for (const event of heldOf(kpi)) countWorth(book, kpi, unit, event);
}

/** Adds what an event is worth to its unit. O(1). */
export function countWorth(book: HoldoutBook, name: string, unit: string, event: HeldEvent): void {
  const kpi = book.kpis.get(name);
  const first = book.firstAt.get(unit);
  if (!kpi || first === undefined || event.time < first || event.time >= first + kpi.windowMs) return;
  const key = `${name}\u0000${unit}`;
  const before = book.totals.get(key) ?? 0;
  const after = before + event.value;
  book.totals.set(key, after);
  const clip = (total: number) => (kpi.cap === null ? total : Math.min(kpi.cap, total));
  const value = (clip(after) - clip(before)) * kpi.microsPerUnit;
  if (value === 0) return;
  record(book.ledger, { id: event.id, unit, value });
  // the log keeps each id once
  book.ledger.eventIds.clear();
}
