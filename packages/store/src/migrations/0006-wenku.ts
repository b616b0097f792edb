/** Documents and decks of Wenku: contents apart from records, so that lists stay light; images as bytes beside them. */
import type { Migration } from './migration.ts';

export const wenkuTables: Migration = {
  version: 6,
  name: 'wenku',
  statements: (kind) => {
    const text = kind === 'sqlite' ? 'text' : 'text collate "C"';
    const bytes = kind === 'sqlite' ? 'blob' : 'bytea';
    const keyed = kind === 'sqlite' ? ' without rowid' : '';
    return [
      `create table "wenkuDocument" ("id" ${text} not null primary key, "kind" ${text} not null, "title" ${text} not null,
        "ownerId" ${text} not null, "readers" ${text} not null, "editors" ${text} not null, "language" ${text} not null,
        "sources" ${text} not null, "revision" bigint not null, "words" integer not null, "forkedFrom" ${text},
        "createdAt" bigint not null, "updatedAt" bigint not null, "updatedBy" ${text} not null)`,
      `create index "wenkuDocumentOwner" on "wenkuDocument" ("ownerId", "updatedAt", "id")`,
      `create index "wenkuDocumentUpdated" on "wenkuDocument" ("updatedAt", "id")`,
      `create table "wenkuPrincipal" ("principal" ${text} not null, "documentId" ${text} not null,
        primary key ("principal", "documentId"))${keyed}`,
      `create index "wenkuPrincipalDocument" on "wenkuPrincipal" ("documentId")`,
      `create table "wenkuContent" ("documentId" ${text} not null primary key, "content" ${text} not null,
        "plainText" ${text} not null)`,
      `create table "wenkuVersion" ("documentId" ${text} not null, "number" integer not null, "name" ${text},
        "title" ${text} not null, "words" integer not null, "createdAt" bigint not null, "createdBy" ${text} not null,
        "content" ${text} not null, primary key ("documentId", "number"))`,
      `create table "wenkuImage" ("documentId" ${text} not null, "hash" ${text} not null, "mediaType" ${text} not null,
        "width" integer not null, "height" integer not null, "sizeBytes" bigint not null, "bytes" ${bytes} not null,
        primary key ("documentId", "hash"))`,
      `create table "wenkuJob" ("id" ${text} not null primary key, "kind" ${text} not null, "target" ${text} not null,
        "ownerId" ${text} not null, "language" ${text} not null, "status" ${text} not null, "input" ${text} not null,
        "parts" ${text} not null, "outline" ${text}, "errorCode" ${text}, "errorText" ${text},
        "createdAt" bigint not null, "updatedAt" bigint not null)`,
      `create index "wenkuJobTarget" on "wenkuJob" ("target", "createdAt", "id")`,
      `create index "wenkuJobStatus" on "wenkuJob" ("status", "createdAt", "id")`,
    ];
  },
};
