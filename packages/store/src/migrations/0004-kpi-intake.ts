/**
 * Corrections by reference, what came in for each KPI (counted in the transaction of the events themselves), and sources
 * that are read by SQL. What was there before is counted as accepted.
 */
import { feedbackTables } from './0004-feedback.ts';
import type { Migration } from './migration.ts';

export const kpiIntake: Migration = {
  version: 4,
  name: 'kpi-intake',
  statements: (kind) => {
    // As in the first schema: texts of PostgreSQL compare by their bytes, as those of SQLite do.
    const text = kind === 'sqlite' ? 'text' : 'text collate "C"';
    return [
      `alter table "kpiEvent" add column "corrects" ${text}`,
      // Nothing lists events of all KPIs by time, and each new event had to be put into that order too.
      `drop index "kpiEventTime"`,
      `create index "kpiEventCorrects" on "kpiEvent" ("tenant", "corrects") where "corrects" is not null`,
      `create table "kpiQuality" ("tenant" ${text} not null, "kpi" ${text} not null, "measure" ${text} not null,
        "count" bigint not null, "lastAt" bigint not null, "sample" ${text},
        primary key ("tenant", "kpi", "measure"))${kind === 'sqlite' ? ' without rowid' : ''}`,
      `insert into "kpiQuality" select "tenant", "kpi", 'accepted', count(*), max("receivedAt"), null from "kpiEvent"
        group by "tenant", "kpi"`,
      `create table "kpiSource" ("id" ${text} not null primary key, "tenant" ${text} not null, "name" ${text} not null,
        "definition" ${text} not null, "passwordSource" ${text}, "watermark" ${text}, "lastRun" ${text},
        "createdAt" bigint not null, "updatedAt" bigint not null)`,
      `create unique index "kpiSourceName" on "kpiSource" ("tenant", "name")`,
      ...feedbackTables(kind),
    ];
  },
};
