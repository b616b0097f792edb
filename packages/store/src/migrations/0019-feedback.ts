/** What people say about answers, by run and author, on any surface. */
import type { Migration } from './migration.ts';

export const feedback: Migration = {
  version: 19,
  name: 'feedback',
  statements: (kind) => {
    const text = kind === 'sqlite' ? 'text' : 'text collate "C"';
    return [
      `create table "feedback" ("id" ${text} not null primary key, "tenant" ${text} not null, "runId" ${text} not null,
        "appId" ${text} not null, "authorId" ${text} not null, "rating" ${text}, "comment" ${text}, "correction" ${text},
        "question" ${text}, "surface" ${text} not null, "createdAt" bigint not null, "updatedAt" bigint not null)`,
      `create unique index "feedbackRun" on "feedback" ("runId", "authorId")`,
      `create index "feedbackApp" on "feedback" ("appId", "updatedAt", "id")`,
      `create index "feedbackTime" on "feedback" ("tenant", "updatedAt")`,
    ];
  },
};
