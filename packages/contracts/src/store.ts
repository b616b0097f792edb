/**
 * The store's port. Two adapters (SQLite, PostgreSQL) pass one exam. Every write is atomic and durable when its promise
 * resolves; lists are cursors, never whole tables. Errors: `storage_full`, `storage_read_only`, `storage_locked`,
 * `storage_corrupt`, `conflict`, `not_found`.
 */

import type { AppDraft, AppRecord, AppStatus, AppVersion } from './apps.ts';
import type { BatchLine, BatchLineStatus, BatchRecord, BatchStatus, StoredFile } from './batches.ts';
import type { Conversation, ConversationMessage } from './conversations.ts';
import type { DriveStore } from './drive.ts';
import type { FeedbackStore } from './feedback.ts';
import type { Collection, KnowledgeDocument } from './knowledge.ts';
import type { KpiIntake, KpiQuality, KpiTaken, StoredKpiSource } from './kpi-intake.ts';
import type { ModelEndpoint } from './models.ts';
import type { ApiKey, AuditEntry, Group, Invite, Person } from './org.ts';
import type { Page, PageRequest } from './page.ts';
import type {
  Budget,
  BudgetCharge,
  BudgetState,
  Exposure,
  Hold,
  KpiEvent,
  RunRecord,
  RunStatus,
  Surface,
} from './runs.ts';
import type { SearchStore } from './search.ts';
import type { WenkuContent, WenkuDocument, WenkuImage, WenkuJob, WenkuKind, WenkuVersion } from './wenku.ts';

export type { Page, PageRequest };

/** Registry of apps; made for 1,000,000 of them. */
export interface AppStore {
  create(app: AppRecord, draft: AppDraft | null): Promise<void>;
  byId(id: string): Promise<AppRecord | null>;
  byName(tenant: string, name: string): Promise<AppRecord | null>;
  /** Words of any language; `principals` trims to apps that one of them may use or edit (omit for all). */
  list(
    query: PageRequest & {
      readonly tenant: string;
      readonly search?: string;
      readonly principals?: readonly string[];
      readonly status?: AppStatus;
      readonly expose?: 'chat' | 'api' | 'mcp';
      readonly builtin?: boolean;
    },
  ): Promise<Page<AppRecord>>;
  count(tenant: string): Promise<number>;
  saveDraft(draft: AppDraft): Promise<void>;
  draft(appId: string): Promise<AppDraft | null>;
  /** Writes the version and makes it current, in one step; `expectedVersion` guards against a lost update. */
  publish(version: AppVersion, app: AppRecord, expectedVersion: string | null): Promise<void>;
  version(appId: string, hash: string): Promise<AppVersion | null>;
  versionByNumber(appId: string, number: number): Promise<AppVersion | null>;
  versions(appId: string, page: PageRequest): Promise<Page<Omit<AppVersion, 'manifest' | 'source'>>>;
  setCurrent(appId: string, hash: string, expectedVersion: string | null, updatedAt: number): Promise<void>;
  setStatus(appId: string, status: AppStatus, updatedAt: number): Promise<void>;
  /** Bulk registration in one transaction per batch; returns how many were new. */
  importMany(rows: readonly { readonly app: AppRecord; readonly version: AppVersion }[]): Promise<number>;
}

export interface RunQuery extends PageRequest {
  readonly tenant?: string;
  readonly appId?: string;
  readonly personId?: string;
  readonly keyId?: string;
  readonly status?: RunStatus;
  readonly surface?: Surface;
  readonly model?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface SpendRow {
  /** Start of the bucket, UTC ms. */
  readonly time: number;
  readonly group: string;
  readonly currency: string;
  readonly costMicros: number;
  readonly runs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly unpricedRuns: number;
}

export interface Settlement {
  readonly run: RunRecord;
  readonly exposure: Exposure | null;
  readonly charges: readonly BudgetCharge[];
  /** Hold to release; null when none was made. */
  readonly holdId: string | null;
}

/** Append-only record of holds, settlements and exposures. */
export interface LedgerStore {
  /** Durable when resolved; the kernel does not wait for it before calling a model. */
  hold(hold: Hold): Promise<void>;
  /** Run, exposure (first one wins), charges and the hold's release, in one transaction; a run settles once (`conflict`). */
  settle(settlement: Settlement): Promise<void>;
  /** Holds whose owner is not among the living. */
  staleHolds(livingOwners: readonly string[]): Promise<readonly Hold[]>;
  run(id: string): Promise<RunRecord | null>;
  runs(query: RunQuery): Promise<Page<RunRecord>>;
  spend(query: {
    readonly tenant: string;
    readonly from: number;
    readonly to: number;
    readonly bucket: 'hour' | 'day' | 'month' | 'total';
    /** `appModel`: the app's name, a `|`, and the model's name. */
    readonly groupBy: 'app' | 'model' | 'appModel' | 'person' | 'key' | 'none';
    readonly timeZoneOffsetMinutes?: number;
  }): Promise<readonly SpendRow[]>;
  budgetState(scope: string, periodStart: number): Promise<BudgetState | null>;
  exposures(query: PageRequest & { readonly experiment?: string; readonly appId?: string }): Promise<Page<Exposure>>;
  totals(): Promise<{
    readonly runs: number;
    readonly holds: number;
    readonly exposures: number;
    readonly kpiEvents: number;
  }>;
}

export interface KpiStore {
  /** Durable and idempotent by id. Returns ids that were there before. */
  append(
    events: readonly (KpiEvent & { readonly receivedAt: number; readonly source: string; readonly tenant: string })[],
  ): Promise<{ readonly duplicates: readonly string[] }>;
  /**
   * Events, corrections, counts of both and a source's mark in one transaction. An event is kept once by its id; a
   * correction becomes an event of the difference. @throws MyriadError `not_found` when the source was removed.
   */
  take(intake: KpiIntake): Promise<KpiTaken>;
  /** What came in by `take`, one for each KPI; `kpi` is empty for what named none. */
  quality(tenant: string): Promise<readonly KpiQuality[]>;
  sources(tenant: string): Promise<readonly StoredKpiSource[]>;
  /** Adds or replaces by id. @throws MyriadError `conflict` when another has the name. */
  saveSource(source: StoredKpiSource): Promise<void>;
  removeSource(id: string): Promise<void>;
  list(
    query: PageRequest & {
      readonly tenant: string;
      readonly kpi?: string;
      readonly unit?: string;
      readonly from?: number;
      readonly to?: number;
    },
  ): Promise<Page<KpiEvent>>;
  summary(tenant: string): Promise<
    readonly {
      readonly kpi: string;
      readonly events: number;
      readonly units: number;
      readonly firstTime: number;
      readonly lastTime: number;
    }[]
  >;
}

export type LoggedEvent = KpiEvent & {
  readonly sequence: number;
  readonly tenant: string;
  readonly receivedAt: number;
};

/** Comes after the KPI event numbered `afterEvent` and before the next. */
export type LoggedExposure = Exposure & { readonly sequence: number; readonly afterEvent: number };

/** A question that was not served well. */
export interface UnservedQuestion {
  readonly time: number;
  readonly text: string;
  readonly appId: string;
  readonly personId: string;
  /** `rephrased`: asked again in other words; `abandoned`: the answer was stopped, and not asked for again. */
  readonly reason: 'notFound' | 'thumbsDown' | 'error' | 'rephrased' | 'abandoned';
  /** What was asked next, for a question whose only sign is that another followed: it counts when the two are alike. */
  readonly followedBy?: string;
}

/**
 * The log in the order of its writing. Numbers grow and may have gaps. Read events first, then exposures: then every
 * exposure that comes before the last event read is seen.
 */
export interface LogStore {
  /** Of all tenants; at most 20,000 at once. */
  events(query: { readonly after: number; readonly limit: number }): Promise<readonly LoggedEvent[]>;
  exposures(query: { readonly after: number; readonly limit: number }): Promise<readonly LoggedExposure[]>;
  /** Writes an exposure that no run of ours stands behind; false when the unit was exposed before. */
  expose(exposure: Exposure): Promise<boolean>;
  /** Questions of conversations whose answer failed, found nothing or was rated down; newest first. */
  unserved(query: { readonly from: number; readonly limit: number }): Promise<readonly UnservedQuestion[]>;
}

export interface OrgStore {
  person(id: string): Promise<Person | null>;
  personByEmail(email: string): Promise<Person | null>;
  people(page: PageRequest & { readonly search?: string }): Promise<Page<Person>>;
  countPeople(): Promise<number>;
  savePerson(person: Person): Promise<void>;
  groups(): Promise<readonly Group[]>;
  saveGroup(group: Group): Promise<void>;
  deleteGroup(id: string): Promise<void>;
  invite(tokenHash: string): Promise<Invite | null>;
  invites(): Promise<readonly Invite[]>;
  saveInvite(invite: Invite, tokenHash: string): Promise<void>;
  /** Marks it used if it was not; false when it was. */
  useInvite(id: string, usedAt: number): Promise<boolean>;
  keyByHash(hash: string): Promise<ApiKey | null>;
  keys(query: PageRequest & { readonly ownerId?: string }): Promise<Page<ApiKey>>;
  key(id: string): Promise<ApiKey | null>;
  saveKey(key: ApiKey, hash: string): Promise<void>;
  revokeKey(id: string, revokedAt: number): Promise<void>;
  /** Best effort, batched; may lag by some seconds. */
  touchKeys(lastUsed: ReadonlyMap<string, number>): Promise<void>;
}

export interface AuditStore {
  /** Appends one entry to the chain; sequence and hashes are made here, one after another. */
  append(entry: Omit<AuditEntry, 'sequence' | 'previousHash' | 'hash'>): Promise<AuditEntry>;
  list(query: PageRequest & { readonly object?: string; readonly actor?: string }): Promise<Page<AuditEntry>>;
  /** Recomputes the chain; says where it breaks. */
  verify(): Promise<{ readonly entries: number; readonly brokenAt: number | null }>;
}

export interface ModelStore {
  list(): Promise<readonly ModelEndpoint[]>;
  save(endpoint: ModelEndpoint): Promise<void>;
  remove(id: string): Promise<void>;
  /** Sealed (encrypted) secret of an endpoint or provider; the store never sees plain text. */
  secret(name: string): Promise<Uint8Array | null>;
  saveSecret(name: string, sealed: Uint8Array): Promise<void>;
  removeSecret(name: string): Promise<void>;
}

export interface StoredPassage {
  readonly id: string;
  readonly ordinal: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly page: number | null;
  readonly headings: readonly string[];
  /** Words to index, already segmented and folded (jieba words, English stems), with repeats. */
  readonly terms: readonly string[];
}

export interface PassageHit {
  readonly passage: Omit<StoredPassage, 'terms'>;
  readonly documentId: string;
  readonly documentName: string;
  readonly collectionId: string;
  /** BM25, larger is better. */
  readonly score: number;
}

/** A filter in the words of the store. */
export interface StoredFilter {
  /** Only these documents. */
  readonly documentIds?: readonly string[];
  readonly mediaTypes?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly addedBy?: string;
}

export interface PassageVector {
  readonly passageId: string;
  /** Of length 1. */
  readonly vector: Float32Array;
}

export interface KnowledgeStore {
  collection(id: string): Promise<Collection | null>;
  collectionByName(name: string): Promise<Collection | null>;
  /** Collections that one of the principals may read; omit to list all. */
  collections(
    query: PageRequest & { readonly principals?: readonly string[]; readonly prefix?: string },
  ): Promise<Page<Collection & { readonly documents: number; readonly sizeBytes: number }>>;
  saveCollection(collection: Collection): Promise<void>;
  deleteCollection(id: string): Promise<void>;
  document(id: string): Promise<KnowledgeDocument | null>;
  documentByHash(collectionId: string, contentHash: string): Promise<KnowledgeDocument | null>;
  documents(
    query: PageRequest & {
      readonly collectionId?: string;
      readonly status?: KnowledgeDocument['status'];
      readonly search?: string;
    },
  ): Promise<Page<KnowledgeDocument>>;
  saveDocument(document: KnowledgeDocument): Promise<void>;
  /** Replaces the document's passages and extracted text and marks it, in one transaction. */
  index(
    document: KnowledgeDocument,
    text: string,
    pageStarts: readonly number[],
    passages: readonly StoredPassage[],
  ): Promise<void>;
  /** Removes the document, its text, passages and index entries. */
  deleteDocument(id: string): Promise<void>;
  text(documentId: string): Promise<{ readonly text: string; readonly pageStarts: readonly number[] } | null>;
  passage(id: string): Promise<PassageHit | null>;
  /** Documents of any collection with these bytes. */
  countByContentHash?(contentHash: string): Promise<number>;
  /** BM25 over the terms, within the collections only. */
  search(query: {
    readonly terms: readonly string[];
    readonly collectionIds: readonly string[];
    /** Only in these documents; all of the collections unless said. */
    readonly documentIds?: readonly string[];
    readonly limit: number;
    readonly filter?: StoredFilter;
  }): Promise<readonly PassageHit[]>;
  /** Keeps vectors of passages; those of a passage that is gone are left out. */
  saveVectors(model: string, vectors: readonly PassageVector[]): Promise<void>;
  /** Vectors of one collection made by one model, in pages by passage id. */
  vectors(query: PageRequest & { readonly collectionId: string; readonly model: string }): Promise<Page<PassageVector>>;
  /** Passages without a vector of this model, at most `limit`. */
  withoutVector(model: string, limit: number): Promise<readonly { readonly id: string; readonly text: string }[]>;
  /** Passages by id, of these collections and documents only. */
  passages(query: {
    readonly ids: readonly string[];
    readonly collectionIds: readonly string[];
    readonly filter?: StoredFilter;
  }): Promise<readonly PassageHit[]>;
  /** Names of ready documents that contain the words, newest first. */
  documentNames(query: {
    readonly part: string;
    readonly collectionIds: readonly string[];
    readonly limit: number;
  }): Promise<readonly string[]>;
  /** In how many of all passages each term stands, and how many passages there are: the ground of coverage. */
  termStatistics(
    terms: readonly string[],
  ): Promise<{ readonly passages: number; readonly containing: readonly number[] }>;
}

export interface ConversationStore {
  get(id: string): Promise<Conversation | null>;
  list(
    query: PageRequest & { readonly ownerId: string; readonly search?: string; readonly appId?: string },
  ): Promise<Page<Conversation>>;
  save(conversation: Conversation): Promise<void>;
  delete(id: string): Promise<void>;
  messages(conversationId: string): Promise<readonly ConversationMessage[]>;
  message(id: string): Promise<ConversationMessage | null>;
  saveMessage(message: ConversationMessage): Promise<void>;
}

/** Small named documents: operator's consents, setup state, approvals. Values are JSON. */
export interface SettingStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  entries(prefix: string): Promise<readonly { readonly key: string; readonly value: unknown }[]>;
}

/** Content-addressed bytes: the name is the SHA-256. Verified on read. */
export interface BlobStore {
  /** Streams in, hashes, and renames into place only when whole. */
  put(
    content: AsyncIterable<Uint8Array> | Uint8Array,
    options?: { readonly maxBytes?: number },
  ): Promise<{ readonly hash: string; readonly sizeBytes: number }>;
  /**
   * Takes a whole file of this machine over, without reading it where it can be moved; the file is gone afterwards.
   *
   * @param hash SHA-256 of the file, by whoever wrote it.
   */
  adopt(path: string, hash: string): Promise<void>;
  get(hash: string): Promise<Uint8Array>;
  stream(hash: string, range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>;
  has(hash: string): Promise<boolean>;
  delete(hash: string): Promise<void>;
}

/** Files of callers, batches and their lines. */
export interface BatchStore {
  saveFile(file: StoredFile): Promise<void>;
  file(id: string): Promise<StoredFile | null>;
  files(
    query: PageRequest & {
      readonly ownerId: string;
      readonly purpose?: string;
      readonly order?: 'asc' | 'desc';
      /** Files after this one, in the order asked for. */
      readonly after?: string;
    },
  ): Promise<Page<StoredFile>>;
  /** False when it was gone. */
  deleteFile(id: string): Promise<boolean>;
  /** Files whose time is over; at most 500. */
  expiredFiles(now: number): Promise<readonly StoredFile[]>;

  create(batch: BatchRecord): Promise<void>;
  batch(id: string): Promise<BatchRecord | null>;
  /** Newest first. */
  batches(query: PageRequest & { readonly ownerId: string; readonly after?: string }): Promise<Page<BatchRecord>>;
  /** Batches that have not ended, oldest first. */
  unended(): Promise<readonly BatchRecord[]>;
  /** Changes the batch when its status is still one of these; null when it is not. */
  change(id: string, from: readonly BatchStatus[], change: Partial<BatchRecord>): Promise<BatchRecord | null>;
  /** Adds lines; those there already stay as they are. */
  addLines(lines: readonly BatchLine[]): Promise<void>;
  dropLines(batchId: string): Promise<void>;
  /** Lines of the status after an ordinal, in their order. */
  lines(query: {
    readonly batchId: string;
    readonly status: readonly BatchLineStatus[];
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly BatchLine[]>;
  /** Keeps a line's result. */
  endLine(
    line: Pick<BatchLine, 'batchId' | 'ordinal' | 'result'> & { readonly status: 'done' | 'failed' },
  ): Promise<void>;
  counts(batchId: string): Promise<Readonly<Record<BatchLineStatus, number>>>;
  /** Ends a batch: its result files appear and its lines go, in one step. False when its status was another meanwhile. */
  end(batch: BatchRecord, from: readonly BatchStatus[], files: readonly StoredFile[]): Promise<boolean>;
}

export interface BudgetStore {
  /** Limits set by people, beyond those of manifests. */
  list(): Promise<readonly Budget[]>;
  save(budget: Budget): Promise<void>;
  remove(scope: string): Promise<void>;
}

/** Documents, their versions, images and jobs. */
export interface WenkuStore {
  get(id: string): Promise<WenkuDocument | null>;
  content(id: string): Promise<WenkuContent | null>;
  /** Newest change first. `mine`: what the person owns; `principals`: what one of them may read or edit, and is not theirs. */
  list(
    query: PageRequest & {
      readonly ownerId?: string;
      readonly principals?: readonly string[];
      readonly search?: string;
      readonly kind?: WenkuKind;
    },
  ): Promise<Page<WenkuDocument>>;
  create(document: WenkuDocument, content: WenkuContent, plainText: string): Promise<void>;
  /** @param expected Revision that the change was made from. @throws MyriadError `conflict` when it is not the present one. */
  save(
    document: WenkuDocument,
    expected: number,
    change?: {
      readonly content: WenkuContent;
      readonly plainText: string;
      /** Kept with the save, or not at all. */
      readonly version?: WenkuVersion & { readonly content: WenkuContent };
      readonly job?: WenkuJob;
    },
  ): Promise<void>;
  /** With its versions, images and jobs. */
  remove(id: string): Promise<void>;
  versions(documentId: string): Promise<readonly WenkuVersion[]>;
  version(documentId: string, number: number): Promise<(WenkuVersion & { readonly content: WenkuContent }) | null>;
  addVersion(version: WenkuVersion & { readonly content: WenkuContent }): Promise<void>;
  removeVersions(documentId: string, numbers: readonly number[]): Promise<void>;
  images(documentId: string): Promise<readonly WenkuImage[]>;
  image(documentId: string, hash: string): Promise<(WenkuImage & { readonly bytes: Uint8Array }) | null>;
  addImage(documentId: string, image: WenkuImage & { readonly bytes: Uint8Array }): Promise<void>;
  job(id: string): Promise<WenkuJob | null>;
  /** Newest first, at most 50. */
  jobs(query: { readonly target?: string; readonly status?: WenkuJob['status'] }): Promise<readonly WenkuJob[]>;
  saveJob(job: WenkuJob): Promise<void>;
}

export interface BackupReceipt {
  readonly path: string;
  readonly sizeBytes: number;
  readonly files: number;
  /** SHA-256 over the manifest of files and their hashes. */
  readonly checksum: string;
  readonly schemaVersion: number;
  readonly madeAt: number;
}

export interface Store {
  readonly kind: 'sqlite' | 'postgres';
  readonly apps: AppStore;
  readonly ledger: LedgerStore;
  readonly budgets: BudgetStore;
  readonly kpi: KpiStore;
  readonly log: LogStore;
  readonly org: OrgStore;
  readonly audit: AuditStore;
  readonly models: ModelStore;
  readonly knowledge: KnowledgeStore;
  readonly conversations: ConversationStore;
  readonly search: SearchStore;
  readonly wenku: WenkuStore;
  readonly feedback: FeedbackStore;
  readonly settings: SettingStore;
  readonly batches: BatchStore;
  readonly drive: DriveStore;
  readonly blobs: BlobStore;
  /** Removes everything of a tenant of sample data: apps, runs, exposures, events. @throws `forbidden` for `main`. */
  removeTenant(tenant: string): Promise<void>;
  schemaVersion(): Promise<number>;
  /** A Kysely instance for the sign-in library's own tables (`user`, `session`, …); typed by the org room. */
  readonly authDatabase: unknown;
  /** A consistent copy while serving. */
  backup(path: string, onProgress?: (ratio: number) => void): Promise<BackupReceipt>;
  close(): Promise<void>;
}
