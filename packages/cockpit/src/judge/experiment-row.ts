import type { ExperimentRow, ManagedExperiment, PortfolioRow } from '@myriad/contracts';
import { armText } from '../experiments/arms.ts';
import type { Judged } from './judge-books.ts';

export function experimentRow(
  { row, judged }: { readonly row: PortfolioRow; readonly judged: Judged },
  managed: ManagedExperiment | null,
): ExperimentRow {
  const { plan, exposed, firstAt } = judged.book;
  return {
    experiment: plan.experiment,
    id: managed?.id ?? null,
    appId: plan.appId,
    app: plan.app,
    sample: row.sample,
    kpi: plan.kpi.name,
    kpiVersion: plan.kpi.version,
    unit: plan.unit,
    holdoutRatio: plan.holdoutRatio,
    baseline: plan.baseline,
    treatment: plan.treatment,
    guardrails: plan.guardrails.map(({ name }) => name),
    windowMs: judged.book.goal.windowMs,
    startedAt: exposed.size === 0 ? null : firstAt,
    units: row.units,
    unitsPerDay: judged.unitsPerDay,
    verdict: row.verdict,
    timeToVerdictMs: row.timeToVerdictMs,
    effect: row.absolute,
    relative: row.relative,
    guardrailsTripped: row.guardrails.tripped,
    status: managed && managed.status !== 'running' ? managed.status : statusOf(row),
  };
}

function statusOf(row: PortfolioRow): ExperimentRow['status'] {
  if (row.status !== 'published') return 'stopped';
  if (row.blocked) return 'blocked';
  if (row.units === 0) return 'waiting';
  return row.verdict === 'Too early' ? 'running' : 'decided';
}

/** An experiment that was started and has met nobody yet. */
export function waitingRow(managed: ManagedExperiment): ExperimentRow {
  return {
    experiment: managed.key,
    id: managed.id,
    appId: managed.appId,
    app: managed.app,
    sample: false,
    kpi: managed.kpi,
    kpiVersion: 0,
    unit: managed.unit,
    holdoutRatio: managed.controlRatio,
    baseline: armText(managed.control),
    treatment: armText(managed.treatment),
    guardrails: managed.guardrails,
    windowMs: managed.windowMs,
    startedAt: null,
    units: 0,
    unitsPerDay: 0,
    verdict: 'Too early',
    timeToVerdictMs: null,
    effect: null,
    relative: null,
    guardrailsTripped: [],
    status: managed.status === 'running' ? 'waiting' : managed.status,
  };
}
