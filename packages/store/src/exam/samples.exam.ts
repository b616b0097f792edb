/** Records for the exam, whole and plain; what a test is about it says itself. */
import type {
  AppRecord,
  AppVersion,
  Collection,
  CompiledManifest,
  Conversation,
  ConversationMessage,
  Exposure,
  Hold,
  KnowledgeDocument,
  Person,
  RunRecord,
  StoredPassage,
} from '@myriad/contracts';

let counter = 0;

/** A new id that sorts after those before it. */
export function sampleId(prefix: string): string {
  counter += 1;
  return `${prefix}_${String(counter).padStart(8, '0')}`;
}

export function sampleApp(change: Partial<AppRecord> = {}): AppRecord {
  const id = change.id ?? sampleId('app');
  return {
    id,
    name: id.replace('_', '-'),
    tenant: 'default',
    titleEn: 'Helper',
    titleZh: '助手',
    descriptionEn: 'Answers questions.',
    descriptionZh: '回答问题。',
    ownerId: 'per_1',
    use: ['everyone'],
    edit: ['person:per_1'],
    expose: ['chat', 'api'],
    status: 'published',
    builtin: false,
    currentVersion: null,
    versionNumber: 0,
    hasDraft: false,
    createdAt: 1_000,
    updatedAt: 1_000,
    ...change,
  };
}

export function sampleManifest(change: Partial<CompiledManifest> = {}): CompiledManifest {
  return {
    schema: 1,
    name: 'helper',
    title: { en: 'Helper', zh: '助手' },
    description: { en: 'Answers questions.', zh: '回答问题。' },
    owner: null,
    access: { use: ['everyone'], edit: ['person:per_1'] },
    instructions: 'Answer from the documents.',
    model: {
      capabilities: ['generate'],
      optimize: 'balanced',
      temperature: null,
      maxOutputTokens: null,
      reasoning: null,
    },
    inputs: null,
    output: null,
    knowledge: [],
    tools: [],
    starters: [],
    expose: ['chat', 'api'],
    evals: [],
    budget: null,
    limits: { requestsPerMinute: null, tokensPerMinute: null, parallel: null, toolRounds: 8, deadlineMs: null },
    cache: { exact: false, semantic: false, ttlMs: 0 },
    policy: {
      pii: 'allow',
      secrets: 'mask',
      deny: [],
      untrusted: 'mark',
      egress: [],
      retentionMs: null,
      data: 'internal',
    },
    kpi: null,
    ...change,
  };
}

export function sampleVersion(appId: string, number: number, change: Partial<AppVersion> = {}): AppVersion {
  return {
    appId,
    hash: `${appId}-${number}`.padEnd(64, '0'),
    number,
    manifest: sampleManifest(),
    source: `name: helper # ${number}\n`,
    publishedAt: 1_000 + number,
    publishedBy: 'per_1',
    evals: null,
    ...change,
  };
}

export function sampleRun(change: Partial<RunRecord> = {}): RunRecord {
  return {
    id: sampleId('run'),
    appId: 'app_1',
    appName: 'helper',
    version: 'abc',
    surface: 'openai',
    tenant: 'default',
    personId: 'per_1',
    keyId: null,
    unit: null,
    experiment: null,
    assigned: 'treatment',
    delivered: 'treatment',
    assignmentReason: 'no_experiment',
    conversationId: null,
    status: 'ok',
    errorCode: null,
    stream: true,
    startedAt: 1_700_000_000_000,
    firstTokenAt: 1_700_000_000_100,
    finishedAt: 1_700_000_000_900,
    usage: {
      inputTokens: 100,
      outputTokens: 20,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      source: 'reported',
    },
    costMicros: 700,
    pricedMicros: 700,
    currency: 'USD',
    model: 'deepseek/deepseek-chat',
    calls: [],
    steps: [{ name: 'settle', kind: 'settle', startedAt: 1, tookMs: 0.25, ok: true, detail: { holds: 1 } }],
    ...change,
  };
}

export function sampleHold(run: RunRecord, micros: number, change: Partial<Hold> = {}): Hold {
  return {
    id: sampleId('hold'),
    runId: run.id,
    createdAt: run.startedAt,
    parts: [{ scope: `app:${run.appId}`, periodStart: 0, micros, currency: 'USD' }],
    owner: 'node-1',
    run,
    ...change,
  };
}

export function sampleExposure(run: RunRecord, change: Partial<Exposure> = {}): Exposure {
  return {
    experiment: 'exp-1',
    appId: run.appId,
    version: run.version,
    unit: 'shop-1',
    assigned: run.assigned,
    delivered: run.delivered,
    runId: run.id,
    time: run.startedAt,
    ...change,
  };
}

export function samplePerson(change: Partial<Person> = {}): Person {
  const id = change.id ?? sampleId('per');
  return {
    id,
    name: `Person ${id}`,
    email: `${id}@example.org`,
    role: 'member',
    groups: [],
    disabled: false,
    createdAt: 1,
    lastSeenAt: null,
    ...change,
  };
}

export function sampleCollection(change: Partial<Collection> = {}): Collection {
  const id = change.id ?? sampleId('col');
  return { id, name: `library:${id}`, ownerId: 'per_1', readers: ['everyone'], createdAt: 1, ...change };
}

export function sampleDocument(collectionId: string, change: Partial<KnowledgeDocument> = {}): KnowledgeDocument {
  return {
    id: sampleId('doc'),
    collectionId,
    name: 'handbook.pdf',
    mediaType: 'application/pdf',
    sizeBytes: 1_234,
    contentHash: 'c0ffee',
    status: 'queued',
    reason: null,
    pages: 2,
    passages: 0,
    language: 'en',
    createdAt: 1,
    indexedAt: null,
    addedBy: 'per_1',
    ...change,
  };
}

export function samplePassage(ordinal: number, terms: readonly string[]): StoredPassage {
  const text = terms.join(' ');
  return {
    id: sampleId('psg'),
    ordinal,
    text,
    start: ordinal * 100,
    end: ordinal * 100 + text.length,
    page: 1,
    headings: ['Chapter'],
    terms,
  };
}

export function sampleConversation(change: Partial<Conversation> = {}): Conversation {
  return {
    id: sampleId('conv'),
    ownerId: 'per_1',
    appId: 'app_1',
    title: 'A question',
    activeLeaf: null,
    createdAt: 1,
    updatedAt: 1,
    pinned: false,
    ...change,
  };
}

export function sampleMessage(conversationId: string, change: Partial<ConversationMessage> = {}): ConversationMessage {
  return {
    id: sampleId('msg'),
    conversationId,
    parentId: null,
    role: 'user',
    text: 'Hello',
    reasoning: null,
    citations: [],
    attachments: [{ documentId: 'doc_1', name: 'a.pdf' }],
    toolCalls: [],
    runId: null,
    model: null,
    status: 'ok',
    errorCode: null,
    errorText: null,
    costMicros: null,
    currency: null,
    tookMs: null,
    feedback: null,
    createdAt: 1,
    ...change,
  };
}
