/**
 * Front doors of the rooms that others are wired to, so that each can be built and tested against the port alone. The
 * rooms' `create…` functions return these.
 */
import type {
  AppEvent,
  CreatedInvite,
  CreatedKey,
  CreateKeyRequest,
  PassageInPlace,
  PublishAnswer,
  ValidationAnswer,
  VersionDiff,
} from './api.ts';
import type { AppRecord, AppVersion } from './apps.ts';
import type { ChatMessage, ChatRequest, ModelEvent } from './chat.ts';
import type { Collection, KnowledgeDocument, Passage, PassageFilter, RetrievalReport } from './knowledge.ts';
import type { CompiledManifest } from './manifest.ts';
import type { ModelConnection, ModelEndpoint } from './models.ts';
import type {
  AccessDecision,
  AccessObject,
  Action,
  ApiKey,
  Group,
  Invite,
  KeyScope,
  Person,
  Role,
  Subject,
} from './org.ts';
import type { Assignment, Priority, RunRecord, Surface } from './runs.ts';
import type { SearchDepth } from './search.ts';

/** What the kernel sees of attached models. Made in boot from store, configuration and drivers. */
export interface EndpointSource {
  list(): readonly ModelEndpoint[];
  /** Opens (or returns the already open) connection. @throws MyriadError `upstream_auth` when the key cannot be resolved. */
  connect(endpointId: string): Promise<ModelConnection>;
}

/** Turns texts into vectors, by whatever model that embeds is attached. Made in boot over the kernel, so it is metered. */
export interface Embedder {
  /** The model used now; null while none is attached. Vectors of different models are never compared. */
  model(): string | null;
  embed(
    texts: readonly string[],
    use: 'passages' | 'question',
    signal: AbortSignal,
  ): Promise<{ readonly vectors: readonly (readonly number[])[] }>;
}

/** Orders passages by how well each answers; optional, such as a cross-encoder's own server. */
export interface Reranker {
  readonly name: string;
  /** One number a text, larger is better. */
  rank(query: string, texts: readonly string[], signal: AbortSignal): Promise<readonly number[]>;
}

export interface AddDocument {
  readonly collectionId: string;
  readonly name: string;
  readonly mediaType?: string;
  readonly content: AsyncIterable<Uint8Array> | Uint8Array;
  readonly addedBy: string;
}

export interface Knowledge {
  /** Returns the collection of that name, making it when missing. */
  ensureCollection(wanted: {
    readonly name: string;
    readonly ownerId: string;
    readonly readers: readonly string[];
  }): Promise<Collection>;
  /** Stores the bytes and queues parsing; a file already in the collection (same bytes) is returned as it is. */
  add(document: AddDocument): Promise<KnowledgeDocument>;
  /** Resolves when the document is `ready` or `failed`. */
  whenIndexed(documentId: string, signal?: AbortSignal): Promise<KnowledgeDocument>;
  retry(documentId: string): Promise<KnowledgeDocument>;
  /** Queues bytes that are in the blob store already; every call makes a document, whatever else has the same bytes. */
  adopt(
    document: Omit<AddDocument, 'content'> & {
      /** Chosen by the caller, so that what refers to it can be written first. */
      readonly id?: string;
      readonly contentHash: string;
      readonly sizeBytes: number;
    },
  ): Promise<KnowledgeDocument>;
  /** Changes the name under which a document is cited. */
  rename(documentId: string, name: string): Promise<void>;
  /** Runs work that stores bytes and then writes what refers to them; nothing unreferred is deleted meanwhile. */
  holdingBlobs<T>(work: () => Promise<T>): Promise<T>;
  /** Deletes those of the blobs to which nothing refers any more. */
  sweepBlobs(hashes: readonly string[]): Promise<void>;
  /** Called with every document that ends as ready or failed. */
  onIndexed(listener: (document: KnowledgeDocument) => void): void;
  /** Words that tell a document from others, as written in it, most telling first; none without text. */
  keywords(documentId: string, limit: number): Promise<readonly string[]>;
  /** Removes text, passages and, when no other document has the same bytes, the blob. */
  delete(documentId: string): Promise<void>;
  deleteCollection(collectionId: string): Promise<void>;
  /** Queues again what a dead process left in `queued` or `parsing`; returns how many. */
  resume(): Promise<number>;
  /** Searches only in the collections given: who may read is decided before. */
  retrieve(query: {
    readonly query: string;
    readonly collectionIds: readonly string[];
    readonly documentIds?: readonly string[];
    readonly limit?: number;
    readonly filter?: PassageFilter;
    /** Other phrasings of the same question, searched as well and fused. */
    readonly alsoAs?: readonly string[];
  }): Promise<{ readonly passages: readonly Passage[]; readonly report: RetrievalReport }>;
  /** Resolves when every passage has its vector, or embedding stopped; at once without an embedder. */
  whenEmbedded(): Promise<void>;
  /** Scores sentences of text given in the request itself, without storing it. */
  quote(query: string, texts: readonly { readonly name: string; readonly text: string }[]): readonly Passage[];
  passageInPlace(passageId: string, contextCharacters?: number): Promise<PassageInPlace | null>;
  close(): Promise<void>;
}

/** Who calls an app, as the apps room needs it; who may was decided by `authorize` before. */
export interface Caller {
  /** Person or key that acts, for audit and `ownerId`; `system` for the node. */
  readonly actorId: string;
  readonly personId: string | null;
  readonly keyId: string | null;
  /** `everyone`, `person:<id>`, `group:<name>` …; knowledge is trimmed to what these may read. */
  readonly principals: readonly string[];
}

/** A person's wish about the search of one run. Collections given here replace those that the manifest names. */
export interface RunSearch {
  readonly depth: SearchDepth;
  readonly filter: PassageFilter;
  readonly web: boolean;
}

export interface AppRunRequest {
  readonly app: AppRecord;
  /** A version's hash to run instead of the current one (draft try-outs pass `manifest`). */
  readonly version?: string;
  readonly manifest?: CompiledManifest;
  readonly caller: Caller;
  readonly surface: Surface;
  /** Conversation so far in the caller's words; the app's instructions come before it. */
  readonly messages: readonly ChatMessage[];
  /** Fields of the manifest's `inputs`, checked against its schema. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Caller's sampling and format settings; the manifest's come first where both speak. */
  readonly settings?: Partial<Omit<ChatRequest, 'messages' | 'passages'>>;
  readonly unit?: string | null;
  readonly conversationId?: string | null;
  /** Further collections that this run may read, such as the conversation's files. */
  readonly collectionIds?: readonly string[];
  /** How documents, and the web, are searched for this run; the app's own way unless said. */
  readonly search?: RunSearch;
  /** Of all collections only these documents are searched. */
  readonly documentIds?: readonly string[];
  readonly language?: 'en' | 'zh';
  readonly priority?: Priority;
  /** Part of each model's price that the run pays; 1 unless said. */
  readonly priceRatio?: number;
  /**
   * Called when the answer is whole and before the run is settled, with what ends the answer. The settlement waits for
   * it: what it keeps is on the disk before the run is booked. When it fails, the run fails.
   */
  readonly beforeSettle?: (ending: { readonly runId: string; readonly finish: string | null }) => Promise<void>;
  readonly stream: boolean;
  readonly signal: AbortSignal;
  /** Asks a person; resolves true when approved. Absent: tools that need approval end in `approval_required`. */
  readonly approve?: (request: {
    readonly runId: string;
    /** The same as in the `approval` event that the run emits before it asks. */
    readonly approvalId: string;
    readonly tool: string;
    readonly argumentsJson: string;
  }) => Promise<boolean>;
}

/** Events of direct access: the model's own, then `done` or `error` once the ledger is durable. */
export type DirectEvent =
  | ModelEvent
  | Extract<AppEvent, { type: 'error' | 'restart' }>
  | { readonly type: 'done'; readonly run: RunRecord };

export interface ModelRunRequest {
  readonly model: string;
  readonly chat: ChatRequest;
  readonly caller: Caller;
  readonly surface: Surface;
  readonly stream: boolean;
  readonly signal: AbortSignal;
  readonly tenant: string;
  readonly priority?: Priority;
  readonly priceRatio?: AppRunRequest['priceRatio'];
  readonly beforeSettle?: AppRunRequest['beforeSettle'];
}

export interface Apps {
  validate(source: string): ValidationAnswer;
  create(
    source: string,
    caller: Caller,
    options?: { readonly builtin?: boolean; readonly tenant?: string },
  ): Promise<AppRecord>;
  saveDraft(app: AppRecord, source: string, caller: Caller): Promise<AppRecord>;
  /** Validates, runs evals, writes the version and makes it current. @throws `manifest_invalid` (facts.issues), `evals_failed`, `conflict`. */
  publish(
    app: AppRecord,
    source: string | null,
    caller: Caller,
    options?: { readonly skipEvals?: boolean },
  ): Promise<PublishAnswer>;
  rollback(app: AppRecord, number: number, caller: Caller): Promise<AppRecord>;
  diff(app: AppRecord, from: number, to: number): Promise<VersionDiff>;
  current(app: AppRecord): Promise<AppVersion | null>;
  setStatus(app: AppRecord, status: 'published' | 'stopped' | 'retired', caller: Caller): Promise<AppRecord>;
  /** Registers many from manifests as compiled JSON or YAML text, one a line; reports progress. */
  importMany(
    lines: AsyncIterable<string>,
    caller: Caller,
    onProgress?: (done: number, bad: number) => void,
  ): Promise<{
    readonly imported: number;
    readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  }>;
  /** Variant of a unit, without exposing it. */
  assign(app: AppRecord, unit: string): Promise<Assignment>;
  /** Runs the app. The stream ends with `done` or `error`, after the ledger is durable; it never throws. */
  run(request: AppRunRequest): AsyncIterable<AppEvent>;
  /** A base model without an app, under the same account. */
  runModel(request: ModelRunRequest): AsyncIterable<DirectEvent>;
  /** The same, events that are at hand together. */
  runModelBatches(request: ModelRunRequest): AsyncIterable<readonly DirectEvent[]>;
  close(): Promise<void>;
}

/** Facts of an HTTP request that sign-in needs. */
export interface RequestIdentity {
  readonly authorization: string | null;
  readonly cookie: string | null;
  readonly apiKey: string | null;
  readonly origin: string | null;
  /** `Host` header, to tell a page of this very host from another site's; optional. */
  readonly host?: string | null;
  readonly ip: string;
  readonly userAgent: string;
}

export interface SignedIn {
  readonly person: Person;
  /** `Set-Cookie` values to send. */
  readonly cookies: readonly string[];
}

export interface Org {
  /** Session cookie or `Authorization: Bearer` / `x-api-key`. @throws `unauthenticated` for a bad, expired or revoked key. */
  authenticate(request: RequestIdentity): Promise<Subject>;
  /**
   * The subject of work that was left behind, as it stands now: the key, else the person, else the node itself.
   *
   * @throws `unauthenticated` for a key that is revoked or expired and a person who is gone or disabled.
   */
  subjectOf(left: { readonly keyId: string | null; readonly personId: string | null }): Promise<Subject>;
  /** Pure decision; the reason is fit to show. */
  authorize(subject: Subject, action: Action, object: AccessObject): AccessDecision;
  principalsOf(subject: Subject): readonly string[];
  /** Makes (or returns, while unused) the one-time token by which the first visitor becomes the owner; null when one exists. */
  ownerToken(): Promise<string | null>;
  claimOwner(token: string, request: RequestIdentity): Promise<SignedIn>;
  signIn(email: string, password: string, request: RequestIdentity): Promise<SignedIn>;
  signOut(request: RequestIdentity): Promise<readonly string[]>;
  /** Passes passkey and other sign-in library routes under `/api/auth/`. */
  handleAuth(request: Request): Promise<Response>;
  hasCredential(personId: string): Promise<boolean>;
  updateMe(
    person: Person,
    change: {
      readonly name?: string;
      readonly email?: string;
      readonly password?: string;
      readonly currentPassword?: string;
    },
    request: RequestIdentity,
  ): Promise<SignedIn>;
  sessions(
    personId: string,
    request: RequestIdentity,
  ): Promise<
    readonly {
      readonly id: string;
      readonly current: boolean;
      readonly userAgent: string;
      readonly ip: string;
      readonly createdAt: number;
      readonly expiresAt: number;
    }[]
  >;
  revokeSession(personId: string, sessionId: string): Promise<void>;
  updatePerson(
    id: string,
    change: { readonly role?: Role; readonly groups?: readonly string[]; readonly disabled?: boolean },
    actor: Subject,
  ): Promise<Person>;
  groups(): Promise<readonly Group[]>;
  saveGroup(name: string, members: readonly string[], actor: Subject): Promise<Group>;
  deleteGroup(name: string, actor: Subject): Promise<void>;
  invite(
    wanted: { readonly email?: string; readonly role: Role; readonly groups?: readonly string[] },
    actor: Subject,
  ): Promise<CreatedInvite>;
  invites(): Promise<readonly Invite[]>;
  revokeInvite(id: string, actor: Subject): Promise<void>;
  acceptInvite(
    accepted: { readonly token: string; readonly name: string; readonly email: string; readonly password: string },
    request: RequestIdentity,
  ): Promise<SignedIn>;
  createKey(wanted: CreateKeyRequest & { readonly scopes: readonly KeyScope[] }, actor: Subject): Promise<CreatedKey>;
  revokeKey(key: ApiKey, actor: Subject): Promise<void>;
  /** Token bound to the session that state-changing requests by cookie must send. */
  csrfToken(subject: Subject): string;
  checkCsrf(subject: Subject, token: string | null, request: RequestIdentity): void;
  close(): Promise<void>;
}
