pragma application_id = 1297699396;
pragma user_version = 7;
pragma journal_mode = wal;
create table if not exists "schemaMigration" ("version" integer primary key, "name" text, "appliedAt" integer);
create table "app" ("seq" integer primary key, "id" text not null unique, "name" text not null, "tenant" text not null,
      "titleEn" text not null, "titleZh" text not null, "descriptionEn" text not null,
      "descriptionZh" text not null, "ownerId" text not null, "use" text not null, "edit" text not null,
      "expose" text not null, "exposeBits" integer not null, "status" text not null, "builtin" integer not null,
      "currentVersion" text, "versionNumber" integer not null, "hasDraft" integer not null,
      "createdAt" bigint not null, "updatedAt" bigint not null);
create unique index "appName" on "app" ("tenant", "name");
create index "appSeq" on "app" ("tenant", "seq");
create index "appNotPublished" on "app" ("tenant", "status", "seq") where "status" <> 'published';
create index "appBuiltin" on "app" ("tenant", "seq") where "builtin" = 1;
create table "appPrincipal" ("principal" text not null, "tenant" text not null, "seq" bigint not null,
      primary key ("principal", "tenant", "seq")) without rowid;
create table "appVersion" ("appId" text not null, "hash" text not null, "number" integer not null,
      "manifest" text not null, "source" text not null, "publishedAt" bigint not null,
      "publishedBy" text not null, "evals" text, primary key ("appId", "number"));
create unique index "appVersionHash" on "appVersion" ("appId", "hash");
create table "appDraft" ("appId" text not null primary key, "source" text not null,
      "updatedAt" bigint not null, "updatedBy" text not null);
create virtual table "appIndex" using fts5("words", content='', contentless_delete=1, detail=none,
          tokenize='ascii');
insert into "appIndex" ("appIndex", "rank") values ('automerge', 16);
create table "run" ("id" text not null primary key, "appId" text not null, "appName" text not null,
      "version" text, "surface" text not null, "tenant" text not null, "personId" text, "keyId" text,
      "unit" text, "experiment" text, "assigned" text not null, "delivered" text not null,
      "assignmentReason" text not null, "conversationId" text, "status" text not null, "errorCode" text,
      "stream" integer not null, "startedAt" bigint not null, "firstTokenAt" bigint, "finishedAt" bigint not null,
      "usage" text not null, "inputTokens" bigint not null, "outputTokens" bigint not null, "costMicros" bigint,
      "pricedMicros" bigint not null, "currency" text not null, "model" text, "calls" text not null,
      "steps" text not null);
create index "runStarted" on "run" ("startedAt", "id");
create index "runTenant" on "run" ("tenant", "startedAt", "id");
create index "runApp" on "run" ("appId", "startedAt", "id");
create index "runPerson" on "run" ("personId", "startedAt", "id") where "personId" is not null;
create index "runKey" on "run" ("keyId", "startedAt", "id") where "keyId" is not null;
create index "runStatus" on "run" ("status", "startedAt", "id");
create index "runModel" on "run" ("model", "startedAt", "id") where "model" is not null;
create table "spend" ("tenant" text not null, "quarter" bigint not null, "appId" text not null,
      "appName" text not null, "model" text not null, "personId" text not null, "keyId" text not null,
      "currency" text not null, "costMicros" bigint not null, "runs" bigint not null, "inputTokens" bigint not null,
      "outputTokens" bigint not null, "unpricedRuns" bigint not null,
      primary key ("tenant", "quarter", "appId", "model", "personId", "keyId", "currency")) without rowid;
create table "exposure" ("experiment" text not null, "unit" text not null, "appId" text not null,
      "version" text, "assigned" text not null, "delivered" text not null, "runId" text not null,
      "time" bigint not null, primary key ("experiment", "unit")) without rowid;
create index "exposureApp" on "exposure" ("appId", "experiment", "unit");
create table "hold" ("id" text not null primary key, "runId" text not null, "createdAt" bigint not null,
      "parts" text not null, "owner" text not null, "run" text not null);
create index "holdOwner" on "hold" ("owner");
create table "holdPart" ("holdId" text not null, "scope" text not null, "periodStart" bigint not null,
      "micros" bigint not null, "currency" text not null);
create index "holdPartHold" on "holdPart" ("holdId");
create index "holdPartScope" on "holdPart" ("scope", "periodStart");
create table "budget" ("scope" text not null primary key, "limitMicros" bigint not null,
      "currency" text not null, "period" text not null, "onExceed" text not null);
create table "budgetState" ("scope" text not null, "periodStart" bigint not null, "currency" text not null,
      "spentMicros" bigint not null, "changedAt" bigint not null,
      primary key ("scope", "periodStart", "currency")) without rowid;
create table "kpiEvent" ("tenant" text not null, "id" text not null, "kpi" text not null,
      "unit" text not null, "value" double precision not null, "time" bigint not null, "receivedAt" bigint not null,
      "source" text not null);
create unique index "kpiEventId" on "kpiEvent" ("tenant", "id");
create index "kpiEventKpi" on "kpiEvent" ("tenant", "kpi", "time", "unit");
create index "kpiEventTime" on "kpiEvent" ("tenant", "time");
create table "person" ("id" text not null primary key, "name" text not null, "email" text not null,
      "role" text not null, "disabled" integer not null, "createdAt" bigint not null, "lastSeenAt" bigint);
create unique index "personEmail" on "person" (lower("email"));
create table "membership" ("groupName" text not null, "personId" text not null,
      primary key ("groupName", "personId")) without rowid;
create index "membershipPerson" on "membership" ("personId");
create table "memberGroup" ("id" text not null primary key, "name" text not null unique,
      "createdAt" bigint not null);
create table "invite" ("id" text not null primary key, "email" text, "role" text not null,
      "groups" text not null, "createdBy" text not null, "createdAt" bigint not null, "expiresAt" bigint not null,
      "usedAt" bigint, "tokenHash" text not null unique);
create table "apiKey" ("id" text not null primary key, "name" text not null, "prefix" text not null,
      "ownerKind" text not null, "ownerId" text not null, "scopes" text not null, "apps" text not null,
      "createdAt" bigint not null, "expiresAt" bigint, "lastUsedAt" bigint, "revokedAt" bigint,
      "hash" text not null unique);
create index "apiKeyOwner" on "apiKey" ("ownerId", "id");
create table "audit" ("sequence" bigint not null primary key, "time" bigint not null, "actor" text not null,
      "action" text not null, "object" text not null, "detail" text not null, "previousHash" text not null,
      "hash" text not null);
create index "auditObject" on "audit" ("object", "sequence");
create index "auditActor" on "audit" ("actor", "sequence");
create table "modelEndpoint" ("id" text not null primary key, "name" text not null, "family" text not null,
      "provider" text not null, "baseUrl" text not null, "upstreamModel" text not null,
      "capabilities" text not null, "contextTokens" bigint, "maxOutputTokens" bigint, "price" text,
      "concurrency" integer not null, "enabled" integer not null, "preference" double precision not null,
      "options" text not null);
create table "secret" ("name" text not null primary key, "sealed" blob not null);
create table "setting" ("key" text not null primary key, "value" text not null);
create table "collection" ("id" text not null primary key, "name" text not null unique,
      "ownerId" text not null, "readers" text not null, "createdAt" bigint not null);
create table "collectionReader" ("principal" text not null, "collectionId" text not null,
      primary key ("principal", "collectionId")) without rowid;
create index "collectionReaderCollection" on "collectionReader" ("collectionId");
create table "document" ("id" text not null primary key, "collectionId" text not null, "name" text not null,
      "mediaType" text not null, "sizeBytes" bigint not null, "contentHash" text not null,
      "status" text not null, "reason" text, "pages" integer, "passages" integer not null, "language" text,
      "createdAt" bigint not null, "indexedAt" bigint, "addedBy" text not null);
create index "documentCollection" on "document" ("collectionId", "createdAt", "id");
create index "documentHash" on "document" ("contentHash", "collectionId");
create index "documentCreated" on "document" ("createdAt", "id");
create index "documentStatus" on "document" ("status", "createdAt", "id");
create table "documentText" ("documentId" text not null primary key, "text" text not null,
      "pageStarts" text not null);
create table "passage" ("seq" integer primary key, "id" text not null unique, "documentId" text not null,
      "collectionId" text not null, "ordinal" integer not null, "text" text not null, "start" integer not null,
      "end" integer not null, "page" integer, "headings" text not null);
create index "passageDocument" on "passage" ("documentId", "ordinal");
create index "passageCollection" on "passage" ("collectionId");
create virtual table "passageIndex" using fts5("terms", "scope", content='', contentless_delete=1,
            tokenize='ascii');
create table "conversation" ("id" text not null primary key, "ownerId" text not null,
      "appId" text not null, "title" text not null, "activeLeaf" text, "createdAt" bigint not null,
      "updatedAt" bigint not null, "pinned" integer not null) without rowid;
create index "conversationOwner" on "conversation" ("ownerId", "pinned", "updatedAt", "id");
create table "message" ("id" text not null primary key, "conversationId" text not null,
      "parentId" text, "role" text not null, "text" text not null, "reasoning" text,
      "citations" text not null, "attachments" text not null, "toolCalls" text not null, "runId" text,
      "model" text, "status" text not null, "errorCode" text, "errorText" text, "costMicros" bigint,
      "currency" text, "tookMs" double precision, "feedback" text, "createdAt" bigint not null);
create index "messageConversation" on "message" ("conversationId", "createdAt", "id");
create table "user" ("id" text not null primary key, "name" text not null, "email" text not null unique,
      "emailVerified" integer not null, "image" text, "createdAt" date not null, "updatedAt" date not null);
create table "session" ("id" text not null primary key, "expiresAt" date not null,
      "token" text not null unique, "createdAt" date not null, "updatedAt" date not null, "ipAddress" text,
      "userAgent" text, "userId" text not null references "user" ("id") on delete cascade);
create table "account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null,
      "userId" text not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text,
      "idToken" text, "accessTokenExpiresAt" date, "refreshTokenExpiresAt" date, "scope" text, "password" text,
      "createdAt" date not null, "updatedAt" date not null);
create table "verification" ("id" text not null primary key, "identifier" text not null, "value" text not null,
      "expiresAt" date not null, "createdAt" date not null, "updatedAt" date not null);
create table "passkey" ("id" text not null primary key, "name" text, "publicKey" text not null,
      "userId" text not null references "user" ("id") on delete cascade, "credentialID" text not null,
      "counter" integer not null, "deviceType" text not null, "backedUp" integer not null, "transports" text,
      "createdAt" date, "aaguid" text);
create index "session_userId_idx" on "session" ("userId");
create index "account_userId_idx" on "account" ("userId");
create index "verification_identifier_idx" on "verification" ("identifier");
create index "passkey_userId_idx" on "passkey" ("userId");
create index "passkey_credentialID_idx" on "passkey" ("credentialID");
insert into "schemaMigration" values (1, 'first-schema', 0);
alter table "exposure" add column "seq" bigint not null default 0;
alter table "exposure" add column "afterEvent" bigint not null default 0;
update "exposure" set "seq" = "numbered"."number" from (select "experiment", "unit",
      row_number() over (order by "time", "experiment", "unit") as "number" from "exposure") as "numbered"
      where "numbered"."experiment" = "exposure"."experiment" and "numbered"."unit" = "exposure"."unit";
create index "exposureSeq" on "exposure" ("seq");
insert into "schemaMigration" values (2, 'log-order', 0);
create table "file" ("id" text not null primary key, "tenant" text not null, "ownerId" text not null,
        "name" text not null, "purpose" text not null, "sizeBytes" bigint not null, "blobHash" text not null,
        "headBytes" integer not null, "createdAt" bigint not null, "expiresAt" bigint);
create index "fileOwner" on "file" ("ownerId", "id");
create index "fileExpiry" on "file" ("expiresAt");
create table "batch" ("id" text not null primary key, "tenant" text not null, "ownerId" text not null,
        "keyId" text, "personId" text, "endpoint" text not null, "inputFileId" text not null,
        "completionWindow" text not null, "status" text not null, "metadata" text, "errors" text not null,
        "outputFileId" text, "errorFileId" text, "total" integer not null, "completed" integer not null,
        "failed" integer not null, "priceRatio" real not null, "outputLifeMs" bigint, "createdAt" bigint not null,
        "inProgressAt" bigint, "expiresAt" bigint not null, "finalizingAt" bigint, "completedAt" bigint,
        "failedAt" bigint, "expiredAt" bigint, "cancellingAt" bigint, "cancelledAt" bigint);
create index "batchOwner" on "batch" ("ownerId", "id");
create index "batchStatus" on "batch" ("status", "createdAt");
create table "batchLine" ("batchId" text not null, "ordinal" integer not null, "customId" text not null,
        "start" bigint not null, "end" bigint not null, "status" text not null, "result" text,
        primary key ("batchId", "ordinal"));
create index "batchLineStatus" on "batchLine" ("batchId", "status", "ordinal");
insert into "schemaMigration" values (3, 'batches', 0);
alter table "kpiEvent" add column "corrects" text;
drop index "kpiEventTime";
create index "kpiEventCorrects" on "kpiEvent" ("tenant", "corrects") where "corrects" is not null;
create table "kpiQuality" ("tenant" text not null, "kpi" text not null, "measure" text not null,
        "count" bigint not null, "lastAt" bigint not null, "sample" text,
        primary key ("tenant", "kpi", "measure")) without rowid;
insert into "kpiQuality" select "tenant", "kpi", 'accepted', count(*), max("receivedAt"), null from "kpiEvent"
        group by "tenant", "kpi";
create table "kpiSource" ("id" text not null primary key, "tenant" text not null, "name" text not null,
        "definition" text not null, "passwordSource" text, "watermark" text, "lastRun" text,
        "createdAt" bigint not null, "updatedAt" bigint not null);
create unique index "kpiSourceName" on "kpiSource" ("tenant", "name");
create table "feedback" ("id" text not null primary key, "tenant" text not null, "appId" text not null,
      "runId" text, "messageId" text, "actor" text not null, "rating" text, "comment" text,
      "correction" text, "question" text, "createdAt" bigint not null);
create index "feedbackApp" on "feedback" ("tenant", "appId", "createdAt");
create index "feedbackTime" on "feedback" ("createdAt");
insert into "schemaMigration" values (4, 'kpi-intake', 0);
create table "drive" ("id" text not null primary key, "kind" text not null, "ownerId" text not null unique,
      "rootId" text not null, "usedBytes" bigint not null, "files" bigint not null, "quotaBytes" bigint,
      "createdAt" bigint not null, "revision" bigint not null default 0);
create table "driveNode" ("seq" integer primary key, "id" text not null unique, "driveId" text not null,
      "parentId" text, "kind" text not null, "rank" integer not null, "name" text not null,
      "sortName" text not null, "sortType" text not null, "mediaType" text not null,
      "sizeBytes" bigint not null, "contentHash" text, "version" integer not null, "createdAt" bigint not null,
      "createdBy" text not null, "updatedAt" bigint not null, "updatedBy" text not null, "trashedAt" bigint,
      "trashRoot" text, "documentId" text, "notIndexed" text);
create unique index "driveNodeName" on "driveNode" ("parentId", "name") where "trashedAt" is null;
create index "driveNodeParent" on "driveNode" ("parentId");
create index "driveNodeByName" on "driveNode" ("parentId", "rank", "sortName", "id") where "trashedAt" is null;
create index "driveNodeByTime" on "driveNode" ("parentId", "rank", "updatedAt", "id") where "trashedAt" is null;
create index "driveNodeBySize" on "driveNode" ("parentId", "rank", "sizeBytes", "id") where "trashedAt" is null;
create index "driveNodeByType" on "driveNode" ("parentId", "rank", "sortType", "id") where "trashedAt" is null;
create index "driveNodeChanged" on "driveNode" ("driveId", "updatedAt", "id");
create index "driveNodeTwins" on "driveNode" ("driveId", "contentHash", "sizeBytes")
      where "trashedAt" is null and "kind" = 'file';
create index "driveNodeTrash" on "driveNode" ("driveId", "trashedAt", "id") where "trashRoot" = "id";
create index "driveNodeTrashRoot" on "driveNode" ("trashRoot") where "trashRoot" is not null;
create index "driveNodeDocument" on "driveNode" ("documentId") where "documentId" is not null;
create index "driveNodeUnindexed" on "driveNode" ("id")
      where "kind" = 'file' and "documentId" is null and "notIndexed" is null and "trashedAt" is null;
create virtual table "driveIndex" using fts5("words", content='', contentless_delete=1, detail=none,
          tokenize='ascii');
insert into "driveIndex" ("driveIndex", "rank") values ('automerge', 16);
create table "driveVersion" ("nodeId" text not null, "number" integer not null, "contentHash" text not null,
      "sizeBytes" bigint not null, "mediaType" text not null, "createdAt" bigint not null,
      "createdBy" text not null, primary key ("nodeId", "number")) without rowid;
create index "driveVersionHash" on "driveVersion" ("contentHash");
create table "driveTag" ("driveId" text not null, "nodeId" text not null, "tag" text not null,
      "automatic" integer not null, primary key ("nodeId", "tag")) without rowid;
create index "driveTagTag" on "driveTag" ("driveId", "tag", "nodeId");
create table "driveShare" ("id" text not null unique, "nodeId" text not null, "principal" text not null,
      "role" text not null, "createdAt" bigint not null, "createdBy" text not null,
      primary key ("nodeId", "principal")) without rowid;
create index "driveSharePrincipal" on "driveShare" ("principal", "createdAt");
create table "driveLink" ("id" text not null primary key, "nodeId" text not null,
      "tokenHash" text not null unique, "passwordHash" text, "expiresAt" bigint, "maxDownloads" integer,
      "downloads" integer not null, "revokedAt" bigint, "createdAt" bigint not null, "createdBy" text not null);
create index "driveLinkNode" on "driveLink" ("nodeId");
create table "driveUpload" ("id" text not null primary key, "ownerId" text not null,
      "parentId" text not null, "name" text not null, "mediaType" text not null, "sizeBytes" bigint not null,
      "modifiedAt" bigint, "nodeId" text, "createdAt" bigint not null, "expiresAt" bigint not null);
create index "driveUploadOwner" on "driveUpload" ("ownerId", "createdAt");
create index "driveUploadExpiry" on "driveUpload" ("expiresAt");
create table "driveAsked" ("conversationId" text not null primary key, "nodeId" text not null) without rowid;
insert into "schemaMigration" values (5, 'drive', 0);
create table "wenkuDocument" ("id" text not null primary key, "kind" text not null, "title" text not null,
        "ownerId" text not null, "readers" text not null, "editors" text not null, "language" text not null,
        "sources" text not null, "revision" bigint not null, "words" integer not null, "forkedFrom" text,
        "createdAt" bigint not null, "updatedAt" bigint not null, "updatedBy" text not null);
create index "wenkuDocumentOwner" on "wenkuDocument" ("ownerId", "updatedAt", "id");
create index "wenkuDocumentUpdated" on "wenkuDocument" ("updatedAt", "id");
create table "wenkuPrincipal" ("principal" text not null, "documentId" text not null,
        primary key ("principal", "documentId")) without rowid;
create index "wenkuPrincipalDocument" on "wenkuPrincipal" ("documentId");
create table "wenkuContent" ("documentId" text not null primary key, "content" text not null,
        "plainText" text not null);
create table "wenkuVersion" ("documentId" text not null, "number" integer not null, "name" text,
        "title" text not null, "words" integer not null, "createdAt" bigint not null, "createdBy" text not null,
        "content" text not null, primary key ("documentId", "number"));
create table "wenkuImage" ("documentId" text not null, "hash" text not null, "mediaType" text not null,
        "width" integer not null, "height" integer not null, "sizeBytes" bigint not null, "bytes" blob not null,
        primary key ("documentId", "hash"));
create table "wenkuJob" ("id" text not null primary key, "kind" text not null, "target" text not null,
        "ownerId" text not null, "language" text not null, "status" text not null, "input" text not null,
        "parts" text not null, "outline" text, "errorCode" text, "errorText" text,
        "createdAt" bigint not null, "updatedAt" bigint not null);
create index "wenkuJobTarget" on "wenkuJob" ("target", "createdAt", "id");
create index "wenkuJobStatus" on "wenkuJob" ("status", "createdAt", "id");
insert into "schemaMigration" values (6, 'wenku', 0);
create table "searchRecord" ("messageId" text not null primary key, "conversationId" text not null,
        "record" text not null);
create index "searchRecordConversation" on "searchRecord" ("conversationId", "messageId");
create table "searchShare" ("id" text not null primary key, "conversationId" text not null unique,
        "ownerId" text not null, "readers" text not null, "createdAt" bigint not null);
create table "passageVector" ("passageId" text not null, "model" text not null,
        "documentId" text not null, "collectionId" text not null, "vector" blob not null,
        primary key ("passageId", "model"));
create index "passageVectorCollection" on "passageVector" ("collectionId", "model", "passageId");
create index "passageVectorDocument" on "passageVector" ("documentId");
insert into "schemaMigration" values (7, 'search', 0);
insert into "app" ("id", "name", "tenant", "titleEn", "titleZh", "descriptionEn", "descriptionZh", "ownerId", "use", "edit", "expose", "status", "builtin", "currentVersion", "versionNumber", "hasDraft", "createdAt", "updatedAt", "exposeBits") values ('app_released', 'contracts', 'default', 'Helper', '合同审查助手', 'Answers questions.', '回答问题。', 'per_1', '["everyone"]', '["person:per_1"]', '["chat","api"]', 'published', 0, null, 0, 0, 1000, 1000, 3) on conflict do nothing;
insert into "appPrincipal" ("principal", "tenant", "seq") values ('everyone', 'default', (select "seq" from "app" where "id" = 'app_released'));
insert into "appPrincipal" ("principal", "tenant", "seq") values ('person:per_1', 'default', (select "seq" from "app" where "id" = 'app_released'));
insert into "appIndex" ("rowid", "words") values ((select "seq" from "app" where "id" = 'app_released'), 'contracts helper 合同 同审 审查 查助 助手 手 answers questions 回答 答问 问题 题 qz703a65766572796f6e65 qz703a706572736f6e3a7065725f31');
insert into "setting" ("key", "value") values ('released', '7') on conflict ("key") do update set "value" = excluded."value";
