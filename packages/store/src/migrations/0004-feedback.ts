import type { Migration } from './migration.ts';

/** What people say of answers: part of schema 18. */
export const feedbackTables: Migration['statements'] = (kind) => {
  const text = kind === 'sqlite' ? 'text' : 'text collate "C"';
  return [
    `create table "feedback" ("id" ${text} not null primary key, "tenant" ${text} not null, "appId" ${text} not null,
      "runId" ${text}, "messageId" ${text}, "actor" ${text} not null, "rating" ${text}, "comment" ${text},
      "correction" ${text}, "question" ${text}, "createdAt" bigint not null)`,
    `create index "feedbackApp" on "feedback" ("tenant", "appId", "createdAt")`,
    `create index "feedbackTime" on "feedback" ("createdAt")`,
  ];
};
