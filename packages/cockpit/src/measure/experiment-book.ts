/** The streaming state of one experiment: its ledgers, who was exposed, what was not counted and why, and its looks. */
import type { EventCounts, KpiDefinition, LoggedExposure, Look } from '@myriad/contracts';
import {
  advanceSampleRatio,
  createUnitLedger,
  expose,
  hashUnit,
  record,
  type SequentialSampleRatio,
} from '@myriad/lift';
import { compareBook, leastUnitsPerArm } from './compare-book.ts';
import type { ExperimentPlan } from './experiment-plan.ts';
import type { HeldEvent } from './held-events.ts';
import type { Measure } from './measure.ts';

/** Control is arm 0 (holdout or the older version), treatment arm 1. */
export const armOf = (assigned: string): 0 | 1 => (assigned === 'treatment' ? 1 : 0);

type Counts = { -readonly [name in keyof EventCounts]: number };

export interface ExperimentBook {
  readonly plan: ExperimentPlan;
  /** Number of the newest event when the first exposure came. */
  readonly openedAt: number;
  readonly goal: Measure;
  readonly guardrails: readonly Measure[];
  /** Treated units split once more by a hash of their own: two arms that were treated alike. */
  readonly aa: Measure;
  readonly exposed: Map<string, { readonly time: number; readonly arm: 0 | 1 }>;
  /** `delivered[arm]`: how many units really got which variant. */
  readonly delivered: readonly [Map<string, number>, Map<string, number>];
  readonly counts: Counts;
  readonly looks: Look[];
  /** Newest time of the tenant's log. */
  readonly logTime: { now: number };
  sampleRatio: SequentialSampleRatio | null;
  sampleRatioPValue: number;
  /** Sum over exposures of the planned chance to be in the control arm. */
  plannedControl: number;
  firstAt: number;
  lastAt: number;
  changed: boolean;
}

/** Most looks kept; past it every second one goes, the newest stay. */
const mostLooks = 1_000;
const lateMs = 86_400_000;

export function openBook(plan: ExperimentPlan, openedAt = 0, logTime = { now: 0 }): ExperimentBook {
  const exposed: ExperimentBook['exposed'] = new Map();
  const measureOf = (kpi: KpiDefinition) => openMeasure(kpi, plan.windowMs, { exposed, logTime });
  return {
    plan,
    openedAt,
    goal: measureOf(plan.kpi),
    guardrails: plan.guardrails.map(measureOf),
    aa: measureOf(plan.kpi),
    exposed,
    logTime,
    delivered: [new Map(), new Map()],
    counts: { counted: 0, beforeExposure: 0, afterWindow: 0, unknownUnits: 0, late: 0, corrections: 0, ahead: 0 },
    looks: [],
    sampleRatio: null,
    sampleRatioPValue: 1,
    plannedControl: 0,
    firstAt: 0,
    lastAt: 0,
    changed: false,
  };
}

function openMeasure(
  kpi: KpiDefinition,
  planWindowMs: number,
  { exposed, logTime }: Pick<ExperimentBook, 'exposed' | 'logTime'>,
): Measure {
  const cap = kpi.type === 'proportion' ? 1 : kpi.cap;
  const windowMs = kpi.source === 'manifest' ? planWindowMs : kpi.windowMs;
  // a quantile is read from the units' totals, which every ledger keeps
  const metric = kpi.type === 'quantile' ? 'mean' : kpi.type;
  return {
    kpi,
    windowMs,
    ended: (unit) => (exposed.get(unit)?.time ?? Number.POSITIVE_INFINITY) + windowMs <= logTime.now,
    ledger: createUnitLedger({
      shape: { metric, covariate: kpi.historyMs !== null && kpi.type !== 'ratio' && kpi.type !== 'quantile' },
      arms: 2,
      ...(cap === null || kpi.type === 'ratio' ? {} : { cap }),
    }),
  };
}

export const measuresOf = (book: ExperimentBook): readonly Measure[] => [book.goal, ...book.guardrails, book.aa];

/** KPIs whose events this measure reads. */
export const eventsOf = ({ kpi }: Measure): readonly string[] =>
  kpi.type === 'ratio' && kpi.denominator !== null ? [kpi.name, kpi.denominator] : [kpi.name];

/**
 * Counts a unit at its first exposure and gives it what is held of its events.
 *
 * @param heldOf Events of a KPI about this unit that came before the exposure was written.
 */
export function exposeUnit(
  book: ExperimentBook,
  exposure: LoggedExposure,
  plannedControl: number,
  heldOf: (kpi: string) => readonly HeldEvent[],
): void {
  const arm = armOf(exposure.assigned);
  if (book.exposed.has(exposure.unit) || exposure.time < book.plan.kpi.startsAt) return;
  book.exposed.set(exposure.unit, { time: exposure.time, arm });
  book.firstAt = book.exposed.size === 1 ? exposure.time : Math.min(book.firstAt, exposure.time);
  book.lastAt = Math.max(book.lastAt, exposure.time);
  book.plannedControl += plannedControl;
  const delivered = book.delivered[arm];
  delivered.set(exposure.delivered, (delivered.get(exposure.delivered) ?? 0) + 1);
  book.changed = true;
  for (const measure of measuresOf(book)) {
    const place = placeOf(book, measure, exposure.unit, arm);
    if (place === null) continue;
    const { historyMs } = measure.kpi;
    const held = heldOf(measure.kpi.name);
    const before = held.filter(
      ({ time }) => historyMs !== null && time < exposure.time && time >= exposure.time - historyMs,
    );
    const covariate = before.reduce((sum, { value }) => sum + value, 0);
    expose(measure.ledger, {
      unit: exposure.unit,
      arm: place,
      ...(measure.ledger.definition.shape.covariate ? { covariate: [covariate] } : {}),
    });
  }
  for (const kpi of new Set(measuresOf(book).flatMap(eventsOf)))
    for (const event of heldOf(kpi)) countEvent(book, kpi, exposure.unit, event, true);
}

function placeOf(book: ExperimentBook, measure: Measure, unit: string, arm: 0 | 1): 0 | 1 | null {
  if (measure !== book.aa) return arm;
  return arm === 0 ? null : hashUnit(`aa:${book.plan.experiment}`, unit) < 0.5 ? 0 : 1;
}

/**
 * Applies an event to every measure of the experiment that reads it. O(1). The log keeps each id once, so ids are not
 * kept here.
 *
 * @param again The event was seen before its unit was exposed, and was counted as unknown then.
 */
export function countEvent(
  book: ExperimentBook,
  kpi: string,
  unit: string,
  event: HeldEvent & { readonly receivedAt?: number },
  again = false,
): void {
  const exposed = book.exposed.get(unit);
  const { counts } = book;
  const isGoal = eventsOf(book.goal).includes(kpi);
  if (isGoal && again && event.sequence > book.openedAt) counts.unknownUnits -= 1;
  if (!exposed) {
    if (isGoal) counts.unknownUnits += 1;
    return;
  }
  const age = event.time - exposed.time;
  if (isGoal) {
    if (age < 0) counts.beforeExposure += 1;
    else if (age >= book.goal.windowMs) counts.afterWindow += 1;
    else {
      counts.counted += 1;
      if (event.value < 0) counts.corrections += 1;
      if (event.receivedAt !== undefined && event.receivedAt - event.time > lateMs) counts.late += 1;
      if (event.receivedAt !== undefined && event.time > event.receivedAt) counts.ahead += 1;
    }
  }
  if (age < 0) return;
  for (const measure of measuresOf(book)) {
    if (age >= measure.windowMs || !eventsOf(measure).includes(kpi)) continue;
    if (placeOf(book, measure, unit, exposed.arm) === null) continue;
    const isDenominator = measure.kpi.type === 'ratio' && kpi !== measure.kpi.name;
    record(
      measure.ledger,
      isDenominator
        ? { id: event.id, unit, value: 0, denominator: event.value }
        : { id: event.id, unit, value: event.value },
    );
    measure.ledger.eventIds.clear();
    book.changed = true;
  }
}

/** Writes down how the evidence stands, if anything came since the last look. */
export function look(book: ExperimentBook, time: number): void {
  if (!book.changed) return;
  book.changed = false;
  advanceRatio(book);
  const comparison = compareBook(book.goal);
  if (!comparison || Math.min(comparison.controlUnits, comparison.treatmentUnits) < leastUnitsPerArm) return;
  const [low, high] = comparison.interval;
  book.looks.push({
    time,
    units: comparison.controlUnits + comparison.treatmentUnits,
    effect: { estimate: comparison.difference, low, high },
  });
  if (book.looks.length > mostLooks) {
    const kept = book.looks.filter((_, index) => index % 2 === book.looks.length % 2 || index > mostLooks - 100);
    book.looks.splice(0, book.looks.length, ...kept);
  }
}

/** Brings the sequential test of the sample ratio to the units exposed so far. */
function advanceRatio(book: ExperimentBook): void {
  const { state, pValue } = sampleRatioNow(book);
  book.sampleRatio = state;
  book.sampleRatioPValue = pValue;
}

/** The test as it stands with all units exposed so far; changes nothing. */
export function sampleRatioNow(book: ExperimentBook): { state: SequentialSampleRatio | null; pValue: number } {
  const units = armCounts(book);
  const done = book.sampleRatio?.counts ?? [0, 0];
  const batch = units.map((count, arm) => count - (done[arm] ?? 0));
  const weights = plannedWeights(book);
  if (weights.some((weight) => weight <= 0)) return { state: book.sampleRatio, pValue: book.sampleRatioPValue };
  return advanceSampleRatio(book.sampleRatio, batch, weights);
}

export function armCounts(book: ExperimentBook): readonly [number, number] {
  const of = (arm: 0 | 1) => [...book.delivered[arm].values()].reduce((sum, count) => sum + count, 0);
  return [of(0), of(1)];
}

/** Planned shares of control and treatment, over all exposures so far. */
export function plannedWeights(book: ExperimentBook): readonly [number, number] {
  const control = book.exposed.size === 0 ? book.plan.holdoutRatio : book.plannedControl / book.exposed.size;
  return [control, 1 - control];
}
