/**
 * How facts of the business come in: what a request of events is told, how good the data of each KPI is, and sources
 * that a node reads by SQL from the customer's own database.
 */
import type { KpiEvent } from './runs.ts';

/** Says what the value of an event should have been: the log gets the difference, dated as the event it corrects. */
export interface KpiCorrection {
  readonly id: string;
  /** Id of the event that was wrong. A correction itself cannot be corrected: correct the event again. */
  readonly corrects: string;
  /** What the event's value should have been; 0 takes it back. */
  readonly value: number;
}

/** Why something was not taken, added up. `kpi` is empty where the event did not name one. */
export interface KpiRejection {
  readonly kpi: string;
  readonly code: string;
  readonly count: number;
  /** Newest reason, in words. */
  readonly sample: string;
}

/** One delivery of facts, taken whole or not at all. */
export interface KpiIntake {
  readonly tenant: string;
  readonly receivedAt: number;
  readonly source: string;
  readonly events: readonly KpiEvent[];
  readonly corrections?: readonly KpiCorrection[];
  readonly rejected?: readonly KpiRejection[];
  /** A source whose mark moves on in the same transaction. */
  readonly reader?: { readonly id: string; readonly watermark: string };
}

export interface KpiTaken {
  /** Ids that were there before, or stood twice. */
  readonly duplicates: readonly string[];
  /** One for each correction: `unknown` means that the event it corrects is not there (yet). */
  readonly corrections: readonly ('taken' | 'duplicate' | 'unknown')[];
}

/** What came in for a KPI, counted with the events themselves. */
export interface KpiQuality {
  readonly kpi: string;
  readonly accepted: number;
  readonly duplicates: number;
  /** Came more than a day after they happened; they count all the same. */
  readonly late: number;
  /** Dated after their receipt: a clock is ahead. */
  readonly ahead: number;
  /** Corrections by reference. */
  readonly corrections: number;
  readonly rejected: readonly {
    readonly code: string;
    readonly count: number;
    readonly sample: string;
    readonly lastAt: number;
  }[];
  readonly lastReceivedAt: number | null;
  /** Newest moment that an event tells of, and how long after it the event came. */
  readonly lastTime: number | null;
  readonly lagMs: number | null;
}

/** `unknown`: neither registered nor named by an experiment; its events are kept and judge nothing. */
export interface KpiQualityRow extends KpiQuality {
  readonly known: boolean;
  /** Events about units that no experiment has met; null where no experiment judges by this KPI. */
  readonly unknownUnits: number | null;
}

export type KpiSourceKind = 'postgres' | 'mysql' | 'sqlite' | 'duckdb';

/** Which column of the query is what. `kpi` is a column, or the same KPI for every row. */
export interface KpiSourceMapping {
  readonly id: string;
  readonly kpi: { readonly column: string } | { readonly name: string };
  readonly unit: string;
  readonly value: string;
  readonly time: string;
  /** Numbers in the time column are milliseconds unless this says seconds. */
  readonly timeUnit: 'ms' | 's';
  /** Column that only grows: an id, or the time of the last change. */
  readonly watermark: string;
}

export interface KpiSourceDefinition {
  readonly name: string;
  readonly kind: KpiSourceKind;
  /** `postgres://user@host/database` or `mysql://…` without the password; for a file its absolute path. */
  readonly address: string;
  /** One SELECT. */
  readonly sql: string;
  readonly mapping: KpiSourceMapping;
  /** How far before the mark each reading begins again: units of a number, or milliseconds of a time. */
  readonly overlap: number;
  /** Minutes between readings; 0 reads only when asked. */
  readonly everyMinutes: number;
  readonly timeoutMs: number;
  readonly enabled: boolean;
}

export interface KpiSourceRun {
  readonly startedAt: number;
  readonly tookMs: number;
  readonly ok: boolean;
  readonly rows: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** What went wrong, in words; else the first rejected row. */
  readonly message: string | null;
}

export interface KpiSource extends KpiSourceDefinition {
  readonly id: string;
  readonly watermark: string | null;
  /** `sealed` is kept encrypted on this node; a reference is read when needed. */
  readonly passwordSource: string | null;
  readonly running: boolean;
  readonly lastRun: KpiSourceRun | null;
  readonly nextRunAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SaveKpiSource extends Partial<Omit<KpiSourceDefinition, 'name' | 'mapping'>> {
  readonly mapping?: Partial<KpiSourceMapping>;
  /** The password itself, or a reference `env:NAME` / `file:/path`. Never shown again; null takes it away. */
  readonly password?: string | null;
}

export interface KpiSourcePreview {
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly row: Readonly<Record<string, string | number | null>>;
    readonly event: KpiEvent | null;
    readonly problem: string | null;
  }[];
  readonly tookMs: number;
}

/** What the store keeps of a source. */
export interface StoredKpiSource {
  readonly id: string;
  readonly tenant: string;
  readonly definition: KpiSourceDefinition;
  readonly passwordSource: string | null;
  readonly watermark: string | null;
  readonly lastRun: KpiSourceRun | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What another system's report of an exposure became. */
export interface ExposureAnswer {
  readonly app: string;
  readonly unit: string;
  /** Null when no experiment covers the unit: then nothing was written. */
  readonly experiment: string | null;
  readonly assigned: string;
  readonly delivered: string;
  /** Only a unit's first exposure counts. */
  readonly first: boolean;
}

/** The intake's part of `ApiRoutes`. */
export interface KpiIntakeRoutes {
  'GET /api/kpi/quality': { answer: { readonly items: readonly KpiQualityRow[] } };
  'GET /api/kpi/sources': {
    answer: {
      readonly items: readonly KpiSource[];
      readonly kinds: readonly { readonly kind: KpiSourceKind; readonly missing: string | null }[];
    };
  };
  'PUT /api/kpi/sources/:name': { body: SaveKpiSource; answer: KpiSource };
  'DELETE /api/kpi/sources/:name': { answer: { readonly ok: true } };
  /** Reads the first rows of a definition and says what each would become; nothing is stored. */
  'POST /api/kpi/sources/:name/test': { body: SaveKpiSource; answer: KpiSourcePreview };
  /** Reads now; answers when the reading is over. `again` begins before the first row. */
  'POST /api/kpi/sources/:name/run': { body: { readonly again?: boolean }; answer: KpiSource };
}
