import type { KpiDefinition } from '@myriad/contracts';
import type { UnitLedger } from '@myriad/lift';

/** One KPI inside an experiment. */
export interface Measure {
  readonly kpi: KpiDefinition;
  readonly windowMs: number;
  readonly ledger: UnitLedger;
  /** Whether the unit's window has ended, by the time of the log. */
  readonly ended: (unit: string) => boolean;
}
