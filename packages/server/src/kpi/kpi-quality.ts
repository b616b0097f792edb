import type { Cockpit } from '@myriad/cockpit';
import type { KpiQualityRow, KpiStore } from '@myriad/contracts';

/** What came in for each KPI, with what the cockpit knows of it; KPIs without any event too. */
export async function kpiQuality(
  kpi: Pick<KpiStore, 'quality'>,
  cockpit: Pick<Cockpit, 'kpis' | 'unknownUnits'>,
  tenant: string,
): Promise<readonly KpiQualityRow[]> {
  const [counted, definitions, unknownUnits] = [
    await kpi.quality(tenant),
    (await cockpit.kpis()).filter(({ sample }) => !sample),
    await cockpit.unknownUnits(),
  ];
  const known = new Set(definitions.map(({ name }) => name));
  const silent = definitions.filter(({ name }) => !counted.some((row) => row.kpi === name));
  return [
    ...counted.map((row) => ({
      ...row,
      known: known.has(row.kpi),
      unknownUnits: unknownUnits.get(row.kpi) ?? null,
    })),
    ...silent.map(({ name }) => ({
      ...{ kpi: name, accepted: 0, duplicates: 0, late: 0, ahead: 0, corrections: 0, rejected: [] },
      ...{ lastReceivedAt: null, lastTime: null, lagMs: null, known: true },
      unknownUnits: unknownUnits.get(name) ?? null,
    })),
  ];
}
