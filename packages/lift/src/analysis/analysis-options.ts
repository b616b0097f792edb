import type { Looks } from './compare-kpi.ts';
import type { KpiOption } from './parse-kpi-option.ts';

/** What to analyse. */
export interface AnalysisOptions {
  /** Column names, in the order of the fields of a row. */
  readonly header: readonly string[];
  /** Column of the randomised unit; without it each row is a unit. */
  readonly unit?: string;
  readonly variant: string;
  readonly control: string;
  readonly kpis: readonly KpiOption[];
  /** 0.05 by default. */
  readonly alpha?: number;
  /** `fixed` (default) for one look; `sequential` with N* for any number. */
  readonly looks?: Looks | 'fixed' | 'sequential';
  /** Planned shares by variant name, for the sample ratio check; equal by default. */
  readonly weights?: Readonly<Record<string, number>>;
  /** How many bad rows are named; all are counted. */
  readonly namedBadRows?: number;
}
