/** Files of callers, batches made of them, and the lines of batches that have not ended. */
import type { Migration } from './migration.ts';

export const batches: Migration = {
  version: 3,
  name: 'batches',
  statements: (kind) => {
    // Text is compared byte by byte on both.
    const text = kind === 'sqlite' ? 'text' : 'text collate "C"';
    const real = kind === 'sqlite' ? 'real' : 'double precision';
    return [
      `create table "file" ("id" ${text} not null primary key, "tenant" ${text} not null, "ownerId" ${text} not null,
        "name" ${text} not null, "purpose" ${text} not null, "sizeBytes" bigint not null, "blobHash" ${text} not null,
        "headBytes" integer not null, "createdAt" bigint not null, "expiresAt" bigint)`,
      `create index "fileOwner" on "file" ("ownerId", "id")`,
      `create index "fileExpiry" on "file" ("expiresAt")`,
      `create table "batch" ("id" ${text} not null primary key, "tenant" ${text} not null, "ownerId" ${text} not null,
        "keyId" ${text}, "personId" ${text}, "endpoint" ${text} not null, "inputFileId" ${text} not null,
        "completionWindow" ${text} not null, "status" ${text} not null, "metadata" ${text}, "errors" ${text} not null,
        "outputFileId" ${text}, "errorFileId" ${text}, "total" integer not null, "completed" integer not null,
        "failed" integer not null, "priceRatio" ${real} not null, "outputLifeMs" bigint, "createdAt" bigint not null,
        "inProgressAt" bigint, "expiresAt" bigint not null, "finalizingAt" bigint, "completedAt" bigint,
        "failedAt" bigint, "expiredAt" bigint, "cancellingAt" bigint, "cancelledAt" bigint)`,
      `create index "batchOwner" on "batch" ("ownerId", "id")`,
      `create index "batchStatus" on "batch" ("status", "createdAt")`,
      `create table "batchLine" ("batchId" ${text} not null, "ordinal" integer not null, "customId" ${text} not null,
        "start" bigint not null, "end" bigint not null, "status" ${text} not null, "result" ${text},
        primary key ("batchId", "ordinal"))`,
      // Counts are read from the index, past the results.
      `create index "batchLineStatus" on "batchLine" ("batchId", "status", "ordinal")`,
    ];
  },
};
