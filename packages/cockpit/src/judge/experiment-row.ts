import type { ExperimentRow, PortfolioRow } from '@myriad/contracts';
import type { Judged } from './judge-books.ts';

export function experimentRow({ row, judged }: { readonly row: PortfolioRow; readonly judged: Judged }): ExperimentRow {
  const { plan, exposed, firstAt } = judged.book;
  return {
    experiment: plan.experiment,
    appId: plan.appId,
    app: plan.app,
    sample: row.sample,
    kpi: plan.kpi.name,
    kpiVersion: plan.kpi.version,
    unit: plan.unit,
    holdoutRatio: plan.holdoutRatio,
    baseline: plan.baseline,
    guardrails: plan.guardrails.map(({ name }) => name),
    windowMs: judged.book.goal.windowMs,
    startedAt: exposed.size === 0 ? null : firstAt,
    units: row.units,
    unitsPerDay: judged.unitsPerDay,
    verdict: row.verdict,
    timeToVerdictMs: row.timeToVerdictMs,
    status: statusOf(row),
  };
}

function statusOf(row: PortfolioRow): ExperimentRow['status'] {
  if (row.status !== 'published') return 'stopped';
  if (row.blocked) return 'blocked';
  if (row.units === 0) return 'waiting';
  return row.verdict === 'Too early' ? 'running' : 'decided';
}
