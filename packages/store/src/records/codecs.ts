/** The codecs of every record that is kept in a table of its own. */
import type {
  ApiKey,
  AppDraft,
  AppRecord,
  AppVersion,
  AuditEntry,
  BatchLine,
  BatchRecord,
  Budget,
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
  Invite,
  KnowledgeDocument,
  KpiEvent,
  ModelEndpoint,
  Person,
  RunRecord,
  SearchShare,
  StoredFile,
  StoredKpiSource,
} from '@myriad/contracts';
import { recordCodec } from './record-codec.ts';

export const appCodec = recordCodec<AppRecord>({
  id: 'plain',
  name: 'plain',
  tenant: 'plain',
  titleEn: 'plain',
  titleZh: 'plain',
  descriptionEn: 'plain',
  descriptionZh: 'plain',
  ownerId: 'plain',
  use: 'json',
  edit: 'json',
  expose: 'json',
  status: 'plain',
  builtin: 'flag',
  currentVersion: 'plain',
  versionNumber: 'plain',
  hasDraft: 'flag',
  createdAt: 'plain',
  updatedAt: 'plain',
});

export const versionCodec = recordCodec<AppVersion>({
  appId: 'plain',
  hash: 'plain',
  number: 'plain',
  manifest: 'json',
  source: 'plain',
  publishedAt: 'plain',
  publishedBy: 'plain',
  evals: 'json',
});

export const draftCodec = recordCodec<AppDraft>({
  appId: 'plain',
  source: 'plain',
  updatedAt: 'plain',
  updatedBy: 'plain',
});

export const runCodec = recordCodec<RunRecord>({
  id: 'plain',
  appId: 'plain',
  appName: 'plain',
  version: 'plain',
  surface: 'plain',
  tenant: 'plain',
  personId: 'plain',
  keyId: 'plain',
  unit: 'plain',
  experiment: 'plain',
  assigned: 'plain',
  delivered: 'plain',
  assignmentReason: 'plain',
  conversationId: 'plain',
  status: 'plain',
  errorCode: 'plain',
  stream: 'flag',
  startedAt: 'plain',
  firstTokenAt: 'plain',
  finishedAt: 'plain',
  usage: 'json',
  costMicros: 'plain',
  pricedMicros: 'plain',
  currency: 'plain',
  model: 'plain',
  calls: 'json',
  steps: 'json',
});

export const exposureCodec = recordCodec<Exposure>({
  experiment: 'plain',
  appId: 'plain',
  version: 'plain',
  unit: 'plain',
  assigned: 'plain',
  delivered: 'plain',
  runId: 'plain',
  time: 'plain',
});

export const budgetCodec = recordCodec<Budget>({
  scope: 'plain',
  limitMicros: 'plain',
  currency: 'plain',
  period: 'plain',
  onExceed: 'plain',
});

export const kpiEventCodec = recordCodec<KpiEvent>({
  id: 'plain',
  kpi: 'plain',
  unit: 'plain',
  value: 'plain',
  time: 'plain',
});

export const feedbackCodec = recordCodec<FeedbackRecord>({
  id: 'plain',
  tenant: 'plain',
  appId: 'plain',
  runId: 'plain',
  messageId: 'plain',
  actor: 'plain',
  rating: 'plain',
  comment: 'plain',
  correction: 'plain',
  question: 'plain',
  createdAt: 'plain',
});

export const kpiSourceCodec = recordCodec<StoredKpiSource>({
  id: 'plain',
  tenant: 'plain',
  definition: 'json',
  passwordSource: 'plain',
  watermark: 'plain',
  lastRun: 'json',
  createdAt: 'plain',
  updatedAt: 'plain',
});

/** Groups of a person are rows of `membership`, not a column. */
export const personCodec = recordCodec<Omit<Person, 'groups'>>({
  id: 'plain',
  name: 'plain',
  email: 'plain',
  role: 'plain',
  disabled: 'flag',
  createdAt: 'plain',
  lastSeenAt: 'plain',
});

export const groupCodec = recordCodec<Omit<Group, 'members'>>({ id: 'plain', name: 'plain', createdAt: 'plain' });

export const inviteCodec = recordCodec<Invite>({
  id: 'plain',
  email: 'plain',
  role: 'plain',
  groups: 'json',
  createdBy: 'plain',
  createdAt: 'plain',
  expiresAt: 'plain',
  usedAt: 'plain',
});

export const keyCodec = recordCodec<ApiKey>({
  id: 'plain',
  name: 'plain',
  prefix: 'plain',
  ownerKind: 'plain',
  ownerId: 'plain',
  scopes: 'json',
  apps: 'json',
  createdAt: 'plain',
  expiresAt: 'plain',
  lastUsedAt: 'plain',
  revokedAt: 'plain',
});

export const auditCodec = recordCodec<AuditEntry>({
  sequence: 'plain',
  time: 'plain',
  actor: 'plain',
  action: 'plain',
  object: 'plain',
  detail: 'json',
  previousHash: 'plain',
  hash: 'plain',
});

export const endpointCodec = recordCodec<ModelEndpoint>({
  id: 'plain',
  name: 'plain',
  family: 'plain',
  provider: 'plain',
  baseUrl: 'plain',
  upstreamModel: 'plain',
  capabilities: 'json',
  contextTokens: 'plain',
  maxOutputTokens: 'plain',
  price: 'json',
  concurrency: 'plain',
  enabled: 'flag',
  preference: 'plain',
  options: 'json',
});

export const collectionCodec = recordCodec<Collection>({
  id: 'plain',
  name: 'plain',
  ownerId: 'plain',
  readers: 'json',
  createdAt: 'plain',
});

export const documentCodec = recordCodec<KnowledgeDocument>({
  id: 'plain',
  collectionId: 'plain',
  name: 'plain',
  mediaType: 'plain',
  sizeBytes: 'plain',
  contentHash: 'plain',
  status: 'plain',
  reason: 'plain',
  pages: 'plain',
  passages: 'plain',
  language: 'plain',
  createdAt: 'plain',
  indexedAt: 'plain',
  addedBy: 'plain',
});

export const conversationCodec = recordCodec<Conversation>({
  id: 'plain',
  ownerId: 'plain',
  appId: 'plain',
  title: 'plain',
  activeLeaf: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
  pinned: 'flag',
});

export const messageCodec = recordCodec<ConversationMessage>({
  id: 'plain',
  conversationId: 'plain',
  parentId: 'plain',
  role: 'plain',
  text: 'plain',
  reasoning: 'plain',
  citations: 'json',
  attachments: 'json',
  toolCalls: 'json',
  runId: 'plain',
  model: 'plain',
  status: 'plain',
  errorCode: 'plain',
  errorText: 'plain',
  costMicros: 'plain',
  currency: 'plain',
  tookMs: 'plain',
  feedback: 'json',
  createdAt: 'plain',
});

export const searchShareCodec = recordCodec<SearchShare>({
  id: 'plain',
  conversationId: 'plain',
  ownerId: 'plain',
  readers: 'json',
  createdAt: 'plain',
});
export const driveCodec = recordCodec<Drive>({
  id: 'plain',
  kind: 'plain',
  ownerId: 'plain',
  rootId: 'plain',
  usedBytes: 'plain',
  files: 'plain',
  quotaBytes: 'plain',
  createdAt: 'plain',
});

export const nodeCodec = recordCodec<DriveNode>({
  id: 'plain',
  driveId: 'plain',
  parentId: 'plain',
  kind: 'plain',
  name: 'plain',
  mediaType: 'plain',
  sizeBytes: 'plain',
  contentHash: 'plain',
  version: 'plain',
  createdAt: 'plain',
  createdBy: 'plain',
  updatedAt: 'plain',
  updatedBy: 'plain',
  trashedAt: 'plain',
  trashRoot: 'plain',
  documentId: 'plain',
  notIndexed: 'plain',
});

export const fileVersionCodec = recordCodec<DriveVersion>({
  nodeId: 'plain',
  number: 'plain',
  contentHash: 'plain',
  sizeBytes: 'plain',
  mediaType: 'plain',
  createdAt: 'plain',
  createdBy: 'plain',
});

export const shareCodec = recordCodec<DriveShare>({
  id: 'plain',
  nodeId: 'plain',
  principal: 'plain',
  role: 'plain',
  createdAt: 'plain',
  createdBy: 'plain',
});

export const linkCodec = recordCodec<DriveLink>({
  id: 'plain',
  nodeId: 'plain',
  tokenHash: 'plain',
  passwordHash: 'plain',
  expiresAt: 'plain',
  maxDownloads: 'plain',
  downloads: 'plain',
  revokedAt: 'plain',
  createdAt: 'plain',
  createdBy: 'plain',
});

export const uploadCodec = recordCodec<DriveUpload>({
  id: 'plain',
  ownerId: 'plain',
  parentId: 'plain',
  name: 'plain',
  mediaType: 'plain',
  sizeBytes: 'plain',
  modifiedAt: 'plain',
  nodeId: 'plain',
  createdAt: 'plain',
  expiresAt: 'plain',
});

export const fileCodec = recordCodec<StoredFile>({
  id: 'plain',
  tenant: 'plain',
  ownerId: 'plain',
  name: 'plain',
  purpose: 'plain',
  sizeBytes: 'plain',
  blobHash: 'plain',
  headBytes: 'plain',
  createdAt: 'plain',
  expiresAt: 'plain',
});

export const batchCodec = recordCodec<BatchRecord>({
  id: 'plain',
  tenant: 'plain',
  ownerId: 'plain',
  keyId: 'plain',
  personId: 'plain',
  endpoint: 'plain',
  inputFileId: 'plain',
  completionWindow: 'plain',
  status: 'plain',
  metadata: 'json',
  errors: 'json',
  outputFileId: 'plain',
  errorFileId: 'plain',
  total: 'plain',
  completed: 'plain',
  failed: 'plain',
  priceRatio: 'plain',
  outputLifeMs: 'plain',
  createdAt: 'plain',
  inProgressAt: 'plain',
  expiresAt: 'plain',
  finalizingAt: 'plain',
  completedAt: 'plain',
  failedAt: 'plain',
  expiredAt: 'plain',
  cancellingAt: 'plain',
  cancelledAt: 'plain',
});

export const batchLineCodec = recordCodec<BatchLine>({
  batchId: 'plain',
  ordinal: 'plain',
  customId: 'plain',
  start: 'plain',
  end: 'plain',
  status: 'plain',
  result: 'plain',
});
