/** The tables as Kysely reads them. Their making is in `migrations/`. */
import type {
  ApiKey,
  AppDraft,
  AppRecord,
  AppVersion,
  AuditEntry,
  BatchLine,
  BatchRecord,
  Budget,
  BudgetState,
  Collection,
  Conversation,
  ConversationMessage,
  Drive,
  DriveLink,
  DriveNode,
  DriveShare,
  DriveUpload,
  DriveVersion,
  Exposure,
  FeedbackRecord,
  Group,
  Hold,
  Invite,
  KnowledgeDocument,
  KpiEvent,
  ModelEndpoint,
  Person,
  RunRecord,
  SearchShare,
  StoredFile,
  StoredKpiSource,
  WenkuDocument,
  WenkuImage,
  WenkuJob,
  WenkuVersion,
} from '@myriad/contracts';
import type { Stored } from './records/record-codec.ts';

export interface Tables {
  readonly app: Stored<AppRecord> & { readonly seq: number; readonly exposeBits: number };
  readonly appPrincipal: { readonly principal: string; readonly tenant: string; readonly seq: number };
  readonly appVersion: Stored<AppVersion>;
  readonly appDraft: Stored<AppDraft>;
  readonly run: Stored<RunRecord> & { readonly inputTokens: number; readonly outputTokens: number };
  readonly spend: SpendTable;
  readonly exposure: Stored<Exposure>;
  readonly hold: Stored<Hold>;
  readonly holdPart: {
    readonly holdId: string;
    readonly scope: string;
    readonly periodStart: number;
    readonly micros: number;
    readonly currency: string;
  };
  readonly budget: Stored<Budget>;
  readonly budgetState: Omit<BudgetState, 'heldMicros'> & { readonly changedAt: number };
  readonly kpiEvent: Stored<KpiEvent> & {
    readonly tenant: string;
    readonly receivedAt: number;
    readonly source: string;
    readonly corrects: string | null;
  };
  readonly feedback: Stored<FeedbackRecord>;
  readonly kpiQuality: {
    readonly tenant: string;
    readonly kpi: string;
    readonly measure: string;
    readonly count: number;
    readonly lastAt: number;
    readonly sample: string | null;
  };
  readonly kpiSource: Stored<StoredKpiSource> & { readonly name: string };
  readonly person: Stored<Omit<Person, 'groups'>>;
  readonly membership: { readonly groupName: string; readonly personId: string };
  readonly memberGroup: Stored<Omit<Group, 'members'>>;
  readonly invite: Stored<Invite> & { readonly tokenHash: string };
  readonly apiKey: Stored<ApiKey> & { readonly hash: string };
  readonly audit: Stored<AuditEntry>;
  readonly modelEndpoint: Stored<ModelEndpoint>;
  readonly secret: { readonly name: string; readonly sealed: Uint8Array };
  readonly collection: Stored<Collection>;
  readonly collectionReader: { readonly principal: string; readonly collectionId: string };
  readonly document: Stored<KnowledgeDocument>;
  readonly documentText: { readonly documentId: string; readonly text: string; readonly pageStarts: string };
  readonly passage: {
    readonly seq: number;
    readonly id: string;
    readonly documentId: string;
    readonly collectionId: string;
    readonly ordinal: number;
    readonly text: string;
    readonly start: number;
    readonly end: number;
    readonly page: number | null;
    readonly headings: string;
  };
  readonly passageVector: {
    readonly passageId: string;
    readonly model: string;
    readonly documentId: string;
    readonly collectionId: string;
    readonly vector: Uint8Array;
  };
  readonly searchRecord: { readonly messageId: string; readonly conversationId: string; readonly record: string };
  readonly searchShare: Stored<SearchShare>;
  readonly conversation: Stored<Conversation>;
  readonly message: Stored<ConversationMessage>;
  readonly file: Stored<StoredFile>;
  readonly batch: Stored<BatchRecord>;
  readonly batchLine: Stored<BatchLine>;
  readonly drive: Stored<Drive> & { readonly revision: number };
  readonly driveNode: Stored<DriveNode> & {
    readonly seq: number;
    /** 0 for folders, 1 for files: folders come first in every order. */
    readonly rank: number;
    readonly sortName: string;
    readonly sortType: string;
  };
  readonly driveVersion: Stored<DriveVersion>;
  readonly driveTag: {
    readonly driveId: string;
    readonly nodeId: string;
    readonly tag: string;
    readonly automatic: number;
  };
  readonly driveShare: Stored<DriveShare>;
  readonly driveLink: Stored<DriveLink>;
  readonly driveUpload: Stored<DriveUpload>;
  readonly driveAsked: { readonly conversationId: string; readonly nodeId: string };
  readonly wenkuDocument: Stored<WenkuDocument>;
  readonly wenkuPrincipal: { readonly principal: string; readonly documentId: string };
  readonly wenkuContent: { readonly documentId: string; readonly content: string; readonly plainText: string };
  readonly wenkuVersion: Stored<WenkuVersion> & { readonly content: string };
  readonly wenkuImage: Stored<WenkuImage> & { readonly documentId: string; readonly bytes: Uint8Array };
  readonly wenkuJob: Stored<WenkuJob>;
  readonly setting: { readonly key: string; readonly value: string };
}

/** Sums of runs by the quarter of an hour in which they began, kept in the transaction of each settlement. */
export interface SpendTable {
  readonly tenant: string;
  readonly quarter: number;
  readonly appId: string;
  readonly appName: string;
  readonly model: string;
  readonly personId: string;
  readonly keyId: string;
  readonly currency: string;
  readonly costMicros: number;
  readonly runs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly unpricedRuns: number;
}
