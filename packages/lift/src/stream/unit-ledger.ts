import { LiftError } from '../lift-error.ts';
import {
  addDeviations,
  type CompensatedSums,
  changeDeviations,
  createCompensatedSums,
  toMoments,
} from './compensated-sums.ts';
import { type AggregateShape, shapeComponents } from './estimate-moments.ts';
import { type Moments, mergeMoments, momentsFromJson, momentsToJson } from './moments.ts';

/** What a KPI's ledger needs to know; frozen at first exposure. */
export interface LedgerDefinition {
  readonly shape: AggregateShape;
  readonly arms: number;
  /** Cap on a unit's total, registered before the experiment. Changing it restarts the experiment. */
  readonly cap?: number;
  /**
   * A constant per component, registered with the KPI (say, its mean before the experiment). Moments are kept of the
   * deviations from it, so that no digits are lost where a mean is large against its spread. 0 by default.
   */
  readonly origin?: readonly number[];
}

/** A unit's first exposure. Covariates are frozen here; a unit without history has none. */
export interface Exposure {
  readonly unit: string;
  readonly arm: number;
  /** [x], or [m₀, d₀] for a ratio. */
  readonly covariate?: readonly number[];
}

/** A dated fact about a unit; a correction is an event with a negative value and its own id. */
export interface LedgerEvent {
  readonly id: string;
  readonly unit: string;
  readonly value: number;
  /** For a ratio. */
  readonly denominator?: number;
}

interface UnitTotal {
  readonly arm: number;
  /** Raw totals: [y | m, d], then the frozen covariate. */
  readonly raw: Float64Array;
}

/**
 * Owner of all units of one experiment and KPI on one shard. Route by hash(unit), never by event: then shards hold
 * disjoint units and their aggregates merge by addition.
 */
export interface UnitLedger {
  readonly definition: LedgerDefinition;
  /** Per arm, of capped totals; equal to `uncapped` without a cap. */
  readonly capped: readonly CompensatedSums[];
  readonly uncapped: readonly CompensatedSums[];
  readonly units: Map<string, UnitTotal>;
  readonly eventIds: Set<string>;
  /** What was not counted, by reason. */
  readonly skipped: { duplicateEvents: number; unknownUnits: number; repeatedExposures: number; otherArm: number };
}

/** An empty ledger. */
export function createUnitLedger(definition: LedgerDefinition): UnitLedger {
  const arms = () =>
    Array.from({ length: definition.arms }, () => createCompensatedSums(shapeComponents(definition.shape)));
  const uncapped = arms();
  return {
    definition,
    uncapped,
    capped: definition.cap === undefined ? uncapped : arms(),
    units: new Map(),
    eventIds: new Set(),
    skipped: { duplicateEvents: 0, unknownUnits: 0, repeatedExposures: 0, otherArm: 0 },
  };
}

/** Counts a unit at its first exposure, with a total of 0. Later exposures change nothing; another arm is counted. */
export function expose(ledger: UnitLedger, exposure: Exposure): void {
  const known = ledger.units.get(exposure.unit);
  if (known) {
    if (known.arm === exposure.arm) ledger.skipped.repeatedExposures++;
    else ledger.skipped.otherArm++;
    return;
  }
  if (!(exposure.arm >= 0 && exposure.arm < ledger.definition.arms)) {
    throw new LiftError('invalid_input', `There is no arm ${exposure.arm}.`, { arm: exposure.arm });
  }
  const k = shapeComponents(ledger.definition.shape);
  const raw = new Float64Array(k);
  if (ledger.definition.shape.covariate) {
    const from = k / 2;
    for (let i = from; i < k; i++) raw[i] = exposure.covariate?.[i - from] ?? 0;
  }
  ledger.units.set(exposure.unit, { arm: exposure.arm, raw });
  const deviation = fromOrigin(raw, ledger.definition.origin);
  addDeviations(ledger.uncapped[exposure.arm] as CompensatedSums, deviation);
  if (ledger.capped !== ledger.uncapped) addDeviations(ledger.capped[exposure.arm] as CompensatedSums, deviation);
}

function fromOrigin(values: Float64Array, origin: readonly number[] | undefined): Float64Array {
  return origin ? values.map((value, i) => value - (origin[i] ?? 0)) : values;
}

/** Applies an event in O(1), once per id. Events of units that were never exposed are counted and left out. */
export function record(ledger: UnitLedger, event: LedgerEvent): void {
  if (!Number.isFinite(event.value)) {
    throw new LiftError('invalid_input', `Event ${event.id} has no finite value.`, { id: event.id });
  }
  if (ledger.eventIds.has(event.id)) {
    ledger.skipped.duplicateEvents++;
    return;
  }
  ledger.eventIds.add(event.id);
  const unit = ledger.units.get(event.unit);
  if (!unit) {
    ledger.skipped.unknownUnits++;
    return;
  }
  const change = new Float64Array(unit.raw.length);
  change[0] = event.value;
  if (ledger.definition.shape.metric === 'ratio') change[1] = event.denominator ?? 0;
  const { cap, origin } = ledger.definition;
  if (cap !== undefined) {
    const before = unit.raw.slice();
    before[0] = Math.min(before[0] as number, cap);
    const cappedChange = change.slice();
    cappedChange[0] = Math.min((unit.raw[0] as number) + event.value, cap) - (before[0] as number);
    changeDeviations(ledger.capped[unit.arm] as CompensatedSums, fromOrigin(before, origin), cappedChange);
  }
  changeDeviations(ledger.uncapped[unit.arm] as CompensatedSums, fromOrigin(unit.raw, origin), change);
  for (let i = 0; i < change.length; i++) unit.raw[i] = (unit.raw[i] as number) + (change[i] as number);
}

/** The compact, mergeable state that leaves the shard: at most 250 bytes for two arms. */
export interface LedgerAggregate {
  readonly shape: AggregateShape;
  readonly origin?: readonly number[];
  /** Central moments of each arm, their means as deviations from the origin: so merging loses nothing. */
  readonly arms: readonly (readonly number[])[];
}

/** Moments of one arm with means on the KPI's own scale, for `estimateAggregates`. */
export function armMoments(aggregate: LedgerAggregate, arm: number): Moments {
  const moments = momentsFromJson(aggregate.arms[arm] as readonly number[]);
  aggregate.origin?.forEach((value, i) => {
    moments[1 + i] = (moments[1 + i] as number) + value;
  });
  return moments;
}

/** Aggregate of the capped (default) or uncapped totals. */
export function aggregateOf(ledger: UnitLedger, which: 'capped' | 'uncapped' = 'capped'): LedgerAggregate {
  const { shape, origin } = ledger.definition;
  return { shape, ...(origin && { origin }), arms: ledger[which].map((sums) => momentsToJson(toMoments(sums))) };
}

/** Merges aggregates of disjoint units, in the order given. */
export function mergeAggregates(parts: readonly LedgerAggregate[]): LedgerAggregate {
  const [first, ...rest] = parts;
  if (!first) throw new LiftError('invalid_input', 'There is nothing to merge.', {});
  let arms = first.arms.map(momentsFromJson);
  for (const part of rest) {
    arms = arms.map((moments, i) => mergeMoments(moments, momentsFromJson(part.arms[i] as readonly number[])));
  }
  return { ...first, arms: arms.map(momentsToJson) };
}
