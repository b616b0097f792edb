/** What is kept of searches beside their messages, who they are shared with, and the vectors of passages. */
import type { Migration } from './migration.ts';

export const searchTables: Migration = {
  version: 7,
  name: 'search',
  statements(kind) {
    const text = kind === 'sqlite' ? 'text' : 'text collate "C"';
    const bytes = kind === 'sqlite' ? 'blob' : 'bytea';
    return [
      `create table "searchRecord" ("messageId" ${text} not null primary key, "conversationId" ${text} not null,
        "record" ${text} not null)`,
      `create index "searchRecordConversation" on "searchRecord" ("conversationId", "messageId")`,
      `create table "searchShare" ("id" ${text} not null primary key, "conversationId" ${text} not null unique,
        "ownerId" ${text} not null, "readers" ${text} not null, "createdAt" bigint not null)`,
      `create table "passageVector" ("passageId" ${text} not null, "model" ${text} not null,
        "documentId" ${text} not null, "collectionId" ${text} not null, "vector" ${bytes} not null,
        primary key ("passageId", "model"))`,
      `create index "passageVectorCollection" on "passageVector" ("collectionId", "model", "passageId")`,
      `create index "passageVectorDocument" on "passageVector" ("documentId")`,
    ];
  },
};
