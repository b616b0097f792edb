/**
 * The control plane's HTTP API, as types: one line a route in `apiRoutes`, and the shape of every answer. The server
 * answers these, the sdk calls these, the console uses the sdk. Errors are RFC 9457 problem+json (`Problem`).
 */
import type { AppDraft, AppRecord, AppVersion, EvalReport } from './apps.ts';
import type { Citation } from './chat.ts';
import type { CockpitRoutes } from './cockpit.ts';
import type { Conversation, ConversationMessage } from './conversations.ts';
import type { DriveRoutes } from './drive-routes.ts';
import type { FailureCode } from './errors.ts';
import type { ExperimentRoutes } from './experiments.ts';
import type { FeedbackRoutes } from './feedback.ts';
import type { PoolStatus } from './kernel.ts';
import type { Collection, KnowledgeDocument, Passage, RetrievalReport } from './knowledge.ts';
import type { KpiIntakeRoutes } from './kpi-intake.ts';
import type { CompiledManifest, ManifestIssue } from './manifest.ts';
import type { Capability, ModelEndpoint } from './models.ts';
import type { Price } from './money.ts';
import type { ApiKey, AuditEntry, Group, Invite, KeyScope, Person, Role } from './org.ts';
import type { QuantumJob, QuantumRequest, QuantumRoutes } from './quantum.ts';
import type { AssignmentReason, Budget, BudgetState, RunRecord } from './runs.ts';
import type { SearchRoutes, UnsupportedClaim } from './search.ts';
import type { Page, SpendRow } from './store.ts';
import type { WenkuRoutes } from './wenku-routes.ts';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: FailureCode;
  readonly detail: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

export interface SessionAnswer {
  readonly person: Person | null;
  /** What the person may open; the console's rail shows only this. */
  readonly may: readonly ('build' | 'operate' | 'people' | 'models' | 'settings')[];
  readonly node: {
    readonly version: string;
    readonly language: 'en' | 'zh';
    readonly currency: string;
    /** True until an owner exists. */
    readonly needsOwner: boolean;
    readonly generates: boolean;
  };
  /** Set when the owner came by the one-time link and has no password or passkey yet. */
  readonly needsCredential: boolean;
  /** Token that state-changing requests must send as `x-myriad-csrf`. */
  readonly csrf: string;
}

export interface SignInRequest {
  readonly email: string;
  readonly password: string;
}

export interface SessionRow {
  readonly id: string;
  readonly current: boolean;
  readonly userAgent: string;
  readonly ip: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface CreatedKey {
  readonly key: ApiKey;
  /** Shown once. */
  readonly secret: string;
}

export interface CreateKeyRequest {
  readonly name: string;
  readonly scopes?: readonly KeyScope[];
  readonly apps?: readonly string[];
  /** An app's id makes the key the app's instead of the caller's. */
  readonly forApp?: string;
  readonly expiresAt?: number | null;
}

export interface CreatedInvite {
  readonly invite: Invite;
  readonly link: string;
}

export interface ValidationAnswer {
  readonly issues: readonly ManifestIssue[];
  readonly manifest: CompiledManifest | null;
  readonly hash: string | null;
}

export interface AppDetail {
  readonly app: AppRecord;
  readonly version: AppVersion | null;
  readonly draft: AppDraft | null;
  readonly budget: Budget | null;
  readonly budgetState: BudgetState | null;
  readonly may: readonly ('use' | 'edit' | 'stop')[];
}

export interface PublishAnswer {
  readonly app: AppRecord;
  readonly version: Omit<AppVersion, 'manifest' | 'source'>;
  readonly evals: EvalReport | null;
  readonly issues: readonly ManifestIssue[];
}

export interface VersionDiff {
  readonly from: number;
  readonly to: number;
  /** Unified diff of the two sources. */
  readonly text: string;
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

export interface AssignmentAnswer {
  readonly app: string;
  readonly unit: string;
  readonly experiment: string | null;
  readonly variant: string;
  readonly reason: AssignmentReason;
}

export interface ConversationDetail {
  readonly conversation: Conversation;
  readonly messages: readonly ConversationMessage[];
  readonly documents: readonly KnowledgeDocument[];
}

export interface SendMessageRequest {
  /** Message this one answers to; null begins the tree. */
  readonly parentId: string | null;
  /** Text of the person; omitted to regenerate an answer as a sibling under `parentId`. */
  readonly text?: string;
  readonly attachments?: readonly string[];
}

export interface SentMessage {
  readonly user: ConversationMessage | null;
  readonly answer: ConversationMessage;
}

/** Events of a run, as the page's stream and the SDK see them. Each has a sequence number for resuming. */
export type AppEvent =
  | {
      readonly type: 'run';
      readonly runId: string;
      readonly app: string;
      readonly version: string | null;
      readonly variant: string;
      readonly reason: AssignmentReason;
    }
  | {
      readonly type: 'step';
      readonly id: string;
      readonly kind: 'retrieve' | 'model' | 'tool' | 'guard';
      readonly title: string;
      readonly status: 'running' | 'done' | 'failed';
      readonly detail: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'passages'; readonly passages: readonly Passage[]; readonly report: RetrievalReport }
  | { readonly type: 'model'; readonly model: string; readonly generates: boolean }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'citation'; readonly citation: Citation }
  /** A mark whose source does not contain the statement before it; no citation is shown for it. */
  | ({ readonly type: 'unsupported' } & UnsupportedClaim)
  | { readonly type: 'refusal'; readonly text: string }
  | { readonly type: 'toolCall'; readonly id: string; readonly name: string; readonly argumentsJson: string }
  | {
      readonly type: 'toolResult';
      readonly id: string;
      readonly name: string;
      readonly ok: boolean;
      readonly preview: string;
    }
  | { readonly type: 'approval'; readonly approvalId: string; readonly name: string; readonly argumentsJson: string }
  /** A later text replaces all text so far (a guard struck it, or a retry began). */
  | { readonly type: 'restart' }
  | { readonly type: 'error'; readonly problem: Problem }
  | { readonly type: 'done'; readonly run: RunRecord; readonly finish: string };

export interface PassageInPlace {
  readonly passage: Omit<Passage, 'score' | 'coverage' | 'sentences'>;
  readonly document: KnowledgeDocument;
  /** Extracted text around the passage, and where the passage stands in it. */
  readonly context: string;
  readonly contextStart: number;
  readonly pageCount: number | null;
}

export interface ModelRow {
  readonly endpoint: ModelEndpoint;
  readonly hasKey: boolean;
  /** Where the key comes from: `console`, `env:NAME`, `file:/path`, or null. */
  readonly keySource: string | null;
  readonly status: PoolStatus | null;
  readonly source: 'builtin' | 'config' | 'console' | 'local';
}

export interface DetectedServer {
  readonly provider: string;
  readonly baseUrl: string;
  readonly models: readonly string[];
  readonly attached: boolean;
}

export interface ModelsAnswer {
  readonly models: readonly ModelRow[];
  readonly detected: readonly DetectedServer[];
  readonly ladder: readonly { readonly rung: 1 | 2 | 3 | 4; readonly reached: boolean; readonly name: string }[];
}

/**
 * A model that can be downloaded to this node. `absent` with `receivedBytes` above 0 is a download that was stopped and
 * goes on where it was. `failed` says why in `reason`; with `downloaded`, the file is there and only running it failed.
 */
export interface LocalModel {
  readonly name: string;
  /** Name under which its endpoint is listed while it runs. */
  readonly modelName: string;
  /** Where the file comes from, after the mirror. */
  readonly url: string;
  readonly mirrored: boolean;
  /** Null when nobody has said it; the server says it when the download begins. */
  readonly sizeBytes: number | null;
  /** Null when unknown: then a download has to bring one. */
  readonly sha256: string | null;
  readonly licence: string | null;
  readonly contextTokens: number | null;
  readonly languages: readonly string[];
  readonly source: 'offered' | 'config';
  /** Where the facts of an offered model are from, and when they were read. */
  readonly facts: { readonly source: string; readonly date: string } | null;
  readonly state: 'absent' | 'downloading' | 'checking' | 'ready' | 'starting' | 'running' | 'failed';
  readonly downloaded: boolean;
  readonly receivedBytes: number;
  readonly bytesPerSecond: number | null;
  readonly reason: { readonly code: string; readonly message: string } | null;
  /** Id of the endpoint while it runs. */
  readonly endpointId: string | null;
}

export interface LocalModelsAnswer {
  readonly items: readonly LocalModel[];
  /** What runs them, or null: then `runnerProblem` says why and `install` what to do. */
  readonly runner: { readonly kind: 'llama-server' | 'node-llama-cpp'; readonly path: string } | null;
  readonly runnerProblem: 'not_installed' | 'not_executable' | null;
  readonly install: string | null;
  readonly folder: string;
  /** Free bytes on the disk of the folder, or null when the system does not say. */
  readonly freeBytes: number | null;
  /** Bytes that have to stay free after a download. */
  readonly marginBytes: number;
}

export interface DownloadModelRequest {
  /** Has to be there and true: nothing is fetched that nobody asked for. */
  readonly consent: true;
  /** Needed where the list knows no checksum; 64 hex digits. */
  readonly sha256?: string;
}

export interface ProviderRow {
  readonly id: string;
  readonly title: string;
  readonly family: ModelEndpoint['family'];
  readonly baseUrl: string;
  readonly needsKey: boolean;
  readonly keyUrl: string | null;
  readonly models: readonly {
    readonly name: string;
    readonly contextTokens: number | null;
    readonly capabilities: readonly Capability[];
    readonly price: Price | null;
  }[];
}

export interface AttachModelRequest {
  readonly provider: string;
  readonly model: string;
  readonly name?: string;
  readonly baseUrl?: string;
  /** The secret itself, or a reference `env:NAME` / `file:/path`. Never shown again. */
  readonly key?: string;
  readonly capabilities?: readonly Capability[];
  readonly concurrency?: number;
  readonly preference?: number;
  readonly price?: Price | null;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface ModelTestAnswer {
  readonly ok: boolean;
  /** What happened, in words. */
  readonly message: string;
  readonly tookMs: number;
  readonly firstTokenMs: number | null;
  readonly code: FailureCode | null;
}

export interface KpiEventsAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly { readonly index: number; readonly code: string; readonly detail: string }[];
  /** Corrections among `accepted`. */
  readonly corrected: number;
  /** KPIs that nobody registered and no experiment names; their events are kept. */
  readonly unknownKpis: readonly string[];
}

export interface NodeStatus {
  readonly version: string;
  readonly startedAt: number;
  readonly store: 'sqlite' | 'postgres';
  readonly schemaVersion: number;
  readonly apps: number;
  readonly inFlight: number;
  readonly pools: readonly PoolStatus[];
  readonly rssBytes: number;
  readonly data: string;
}

export interface Approval {
  readonly id: string;
  readonly runId: string;
  readonly appId: string;
  readonly personId: string | null;
  readonly tool: string;
  readonly argumentsJson: string;
  readonly createdAt: number;
  readonly decidedAt: number | null;
  readonly decision: 'approved' | 'denied' | null;
}

/** Route → request body and answer. `:x` are path parameters; lists take `cursor`, `limit` and the filters named. */
export interface ApiRoutes
  extends CockpitRoutes,
    DriveRoutes,
    ExperimentRoutes,
    FeedbackRoutes,
    KpiIntakeRoutes,
    QuantumRoutes,
    SearchRoutes,
    WenkuRoutes {
  'GET /api/session': { answer: SessionAnswer };
  'POST /api/setup': { body: { readonly token: string }; answer: SessionAnswer };
  'POST /api/sign-in': { body: SignInRequest; answer: SessionAnswer };
  'POST /api/sign-out': { answer: { readonly ok: true } };
  'PATCH /api/me': {
    body: {
      readonly name?: string;
      readonly email?: string;
      readonly password?: string;
      readonly currentPassword?: string;
    };
    answer: SessionAnswer;
  };
  'GET /api/sessions': { answer: { readonly items: readonly SessionRow[] } };
  'DELETE /api/sessions/:id': { answer: { readonly ok: true } };
  'GET /api/people': { query: { search?: string }; answer: Page<Person> };
  'PATCH /api/people/:id': {
    body: { readonly role?: Role; readonly groups?: readonly string[]; readonly disabled?: boolean };
    answer: Person;
  };
  'GET /api/groups': { answer: { readonly items: readonly Group[] } };
  'PUT /api/groups/:name': { body: { readonly members: readonly string[] }; answer: Group };
  'DELETE /api/groups/:name': { answer: { readonly ok: true } };
  'GET /api/invites': { answer: { readonly items: readonly Invite[] } };
  'POST /api/invites': {
    body: { readonly email?: string; readonly role: Role; readonly groups?: readonly string[] };
    answer: CreatedInvite;
  };
  'DELETE /api/invites/:id': { answer: { readonly ok: true } };
  'POST /api/invites/accept': {
    body: { readonly token: string; readonly name: string; readonly email: string; readonly password: string };
    answer: SessionAnswer;
  };
  'GET /api/keys': { query: { owner?: string }; answer: Page<ApiKey> };
  'POST /api/keys': { body: CreateKeyRequest; answer: CreatedKey };
  'DELETE /api/keys/:id': { answer: { readonly ok: true } };
  'GET /api/apps': {
    query: { search?: string; status?: string; expose?: string };
    answer: Page<AppRecord> & { readonly total: number };
  };
  'POST /api/apps': { body: { readonly source: string }; answer: AppDetail };
  'POST /api/apps/validate': { body: { readonly source: string }; answer: ValidationAnswer };
  'GET /api/apps/:app': { answer: AppDetail };
  'PUT /api/apps/:app/draft': { body: { readonly source: string }; answer: AppDetail };
  'POST /api/apps/:app/publish': {
    body: { readonly source?: string; readonly skipEvals?: boolean };
    answer: PublishAnswer;
  };
  'POST /api/apps/:app/rollback': { body: { readonly number: number }; answer: AppDetail };
  'POST /api/apps/:app/status': { body: { readonly status: 'published' | 'stopped' | 'retired' }; answer: AppDetail };
  'GET /api/apps/:app/versions': { answer: Page<Omit<AppVersion, 'manifest' | 'source'>> };
  'GET /api/apps/:app/versions/:number': { answer: AppVersion };
  'GET /api/apps/:app/diff': { query: { from: string; to: string }; answer: VersionDiff };
  'GET /api/conversations': { query: { search?: string; app?: string }; answer: Page<Conversation> };
  'POST /api/conversations': { body: { readonly app: string; readonly title?: string }; answer: ConversationDetail };
  'GET /api/conversations/:id': { answer: ConversationDetail };
  'PATCH /api/conversations/:id': {
    body: { readonly title?: string; readonly pinned?: boolean; readonly activeLeaf?: string };
    answer: Conversation;
  };
  'DELETE /api/conversations/:id': { answer: { readonly ok: true } };
  'POST /api/conversations/:id/messages': { body: SendMessageRequest; answer: SentMessage };
  /** Server-sent events of `AppEvent`, `id:` = sequence; `?after=` or `Last-Event-ID` resumes. */
  'GET /api/messages/:id/stream': { query: { after?: string }; answer: never };
  'POST /api/messages/:id/stop': { answer: { readonly ok: true } };
  'POST /api/approvals/:id': { body: { readonly decision: 'approved' | 'denied' }; answer: Approval };
  /** Multipart `file`, or raw bytes with `?name=`; the document belongs to the conversation. */
  'POST /api/conversations/:id/files': { query: { name?: string }; answer: KnowledgeDocument };
  'GET /api/collections': {
    query: { prefix?: string };
    answer: Page<Collection & { readonly documents: number; readonly sizeBytes: number }>;
  };
  'POST /api/collections': {
    body: { readonly name: string; readonly readers?: readonly string[] };
    answer: Collection;
  };
  'PATCH /api/collections/:id': { body: { readonly readers: readonly string[] }; answer: Collection };
  'DELETE /api/collections/:id': { answer: { readonly ok: true } };
  'GET /api/collections/:id/documents': {
    query: { search?: string; status?: string };
    answer: Page<KnowledgeDocument>;
  };
  'POST /api/collections/:id/documents': { query: { name?: string }; answer: KnowledgeDocument };
  'GET /api/documents/:id': { answer: KnowledgeDocument };
  'DELETE /api/documents/:id': { answer: { readonly ok: true } };
  'POST /api/documents/:id/retry': { answer: KnowledgeDocument };
  'GET /api/documents/:id/text': { answer: { readonly text: string; readonly pageStarts: readonly number[] } };
  /** The bytes as uploaded, as an attachment, in a sandboxed content policy. */
  'GET /api/documents/:id/original': { answer: never };
  'GET /api/passages/:id': { answer: PassageInPlace };
  'GET /api/knowledge/search': {
    query: { q: string; collection?: string; limit?: string };
    answer: { readonly passages: readonly Passage[]; readonly report: RetrievalReport };
  };
  'GET /api/models': { answer: ModelsAnswer };
  'POST /api/models': { body: AttachModelRequest; answer: ModelRow };
  'PATCH /api/models/:id': { body: Partial<AttachModelRequest> & { readonly enabled?: boolean }; answer: ModelRow };
  'DELETE /api/models/:id': { answer: { readonly ok: true } };
  'POST /api/models/:id/test': { answer: ModelTestAnswer };
  'POST /api/models/detect': { answer: { readonly detected: readonly DetectedServer[] } };
  'GET /api/local-models': { answer: LocalModelsAnswer };
  'POST /api/local-models/:name/download': { body: DownloadModelRequest; answer: LocalModel };
  /** Removes the file, and what a stopped download left. */
  'DELETE /api/local-models/:name': { answer: { readonly ok: true } };
  'POST /api/local-models/:name/start': { answer: LocalModel };
  /** Stops the model, or its download; what came stays for the next download. */
  'POST /api/local-models/:name/stop': { answer: LocalModel };
  'GET /api/providers': { answer: { readonly items: readonly ProviderRow[] } };
  'GET /api/runs': {
    query: {
      app?: string;
      person?: string;
      status?: string;
      surface?: string;
      model?: string;
      from?: string;
      to?: string;
    };
    answer: Page<RunRecord>;
  };
  'GET /api/runs/:id': { answer: RunRecord };
  'GET /api/spend': {
    query: { from?: string; to?: string; bucket?: string; by?: string };
    answer: { readonly rows: readonly SpendRow[]; readonly currency: string };
  };
  'GET /api/budgets': {
    answer: { readonly items: readonly { readonly budget: Budget; readonly state: BudgetState | null }[] };
  };
  'PUT /api/budgets/:scope': { body: Omit<Budget, 'scope'>; answer: Budget };
  'DELETE /api/budgets/:scope': { answer: { readonly ok: true } };
  'GET /api/kpi': {
    answer: {
      readonly items: readonly {
        readonly kpi: string;
        readonly events: number;
        readonly units: number;
        readonly firstTime: number;
        readonly lastTime: number;
      }[];
    };
  };
  'GET /api/audit': { query: { object?: string; actor?: string }; answer: Page<AuditEntry> };
  'POST /api/quantum/run': { body: QuantumRequest; answer: QuantumJob };
  'GET /api/quantum/run/:id': { answer: QuantumJob };
  'DELETE /api/quantum/run/:id': { answer: QuantumJob };
  'GET /api/status': { answer: NodeStatus };
  'POST /api/backup': {
    body: { readonly path: string };
    answer: { readonly path: string; readonly sizeBytes: number; readonly checksum: string };
  };
}

export type ApiRoute = keyof ApiRoutes;
export type ApiAnswer<R extends ApiRoute> = ApiRoutes[R]['answer'];
export type ApiBody<R extends ApiRoute> = ApiRoutes[R] extends { body: infer B } ? B : undefined;
export type ApiQuery<R extends ApiRoute> = ApiRoutes[R] extends { query: infer Q } ? Q : Record<never, never>;
