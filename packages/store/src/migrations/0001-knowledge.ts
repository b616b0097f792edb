/** Tables of knowledge in the first schema. SQLite ranks with FTS5; PostgreSQL from counts of each word. */
export function knowledgeTables(
  kind: 'sqlite' | 'postgres',
  text: string,
  seq: string,
  keyed: string,
): readonly string[] {
  return [
    `create table "collection" ("id" ${text} not null primary key, "name" ${text} not null unique,
      "ownerId" ${text} not null, "readers" ${text} not null, "createdAt" bigint not null)`,
    `create table "collectionReader" ("principal" ${text} not null, "collectionId" ${text} not null,
      primary key ("principal", "collectionId"))${keyed}`,
    `create index "collectionReaderCollection" on "collectionReader" ("collectionId")`,
    `create table "document" ("id" ${text} not null primary key, "collectionId" ${text} not null, "name" ${text} not null,
      "mediaType" ${text} not null, "sizeBytes" bigint not null, "contentHash" ${text} not null,
      "status" ${text} not null, "reason" ${text}, "pages" integer, "passages" integer not null, "language" ${text},
      "createdAt" bigint not null, "indexedAt" bigint, "addedBy" ${text} not null)`,
    `create index "documentCollection" on "document" ("collectionId", "createdAt", "id")`,
    `create index "documentHash" on "document" ("contentHash", "collectionId")`,
    `create index "documentCreated" on "document" ("createdAt", "id")`,
    `create index "documentStatus" on "document" ("status", "createdAt", "id")`,
    `create table "documentText" ("documentId" ${text} not null primary key, "text" ${text} not null,
      "pageStarts" ${text} not null)`,
    `create table "passage" ("seq" ${seq}, "id" ${text} not null unique, "documentId" ${text} not null,
      "collectionId" ${text} not null, "ordinal" integer not null, "text" ${text} not null, "start" integer not null,
      "end" integer not null, "page" integer, "headings" ${text} not null)`,
    `create index "passageDocument" on "passage" ("documentId", "ordinal")`,
    `create index "passageCollection" on "passage" ("collectionId")`,
    ...(kind === 'sqlite'
      ? [
          `create virtual table "passageIndex" using fts5("terms", "scope", content='', contentless_delete=1,
            tokenize='ascii')`,
        ]
      : [
          `create table "passageLength" ("seq" bigint not null primary key, "length" integer not null)`,
          `create table "passageTerm" ("term" ${text} not null, "collectionId" ${text} not null, "seq" bigint not null,
            "times" integer not null, primary key ("term", "collectionId", "seq"))`,
          `create index "passageTermSeq" on "passageTerm" ("seq")`,
        ]),
  ];
}
