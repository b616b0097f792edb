/** The invented company that the mock tells of: people, apps, models, knowledge, runs. */
import type {
  ApiKey,
  AppDraft,
  AppRecord,
  AppVersion,
  AuditEntry,
  Budget,
  BudgetState,
  Collection,
  CompiledManifest,
  Conversation,
  ConversationMessage,
  Group,
  Invite,
  KnowledgeDocument,
  ModelRow,
  Person,
  RunRecord,
  SessionRow,
} from '@myriad/contracts';
import { answers, refundText } from './mock-texts.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface MockWorld {
  people: Person[];
  groups: Group[];
  invites: Invite[];
  keys: ApiKey[];
  sessions: SessionRow[];
  apps: AppRecord[];
  versions: AppVersion[];
  drafts: AppDraft[];
  models: ModelRow[];
  collections: Collection[];
  documents: KnowledgeDocument[];
  texts: Map<string, string>;
  conversations: Conversation[];
  messages: ConversationMessage[];
  runs: RunRecord[];
  budgets: Budget[];
  states: BudgetState[];
  audit: AuditEntry[];
}

export function mockManifest(name: string): CompiledManifest {
  return {
    schema: 1,
    name,
    title: { en: name, zh: name },
    description: { en: '', zh: '' },
    owner: null,
    access: { use: ['everyone'], edit: [] },
    instructions: 'Answer from the documents and cite.',
    model: { capabilities: [], optimize: 'balanced', temperature: null, maxOutputTokens: null, reasoning: null },
    inputs: null,
    output: null,
    knowledge: [],
    tools: [],
    starters:
      name === 'refund-desk'
        ? [
            { en: 'What cannot be returned?', zh: '哪些商品不能退？' },
            { en: 'An order is 120 days old. What now?', zh: '订单已过 120 天，怎么办？' },
          ]
        : [],
    expose: ['chat', 'api', 'mcp'],
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
  };
}

export const manifestSource = (name: string, extra = '') => `apiVersion: myriad/v1
kind: App
name: ${name}
title: {en: Refund desk, zh: 退款助手}
description:
  en: Answers refund questions and files refunds. Use for orders, returns, payments.
  zh: 解答退款问题并提交退款。
owner: group:support
access: {use: [group:staff], edit: [group:support]}
instructions: |
  Answer only from the refund policy and cite the clause.
  If the order is older than 90 days, hand over to a person.${extra}
model: {capabilities: [tools, zh], optimize: cost}
knowledge: [library:policies]
tools:
  - {mcp: com.example/orders, allow: [get_order]}
  - {mcp: com.example/orders, allow: [create_refund], approval: always}
expose: [chat, api, mcp]
evals:
  - {input: "Order 7, bought 120 days ago", expect: {contains: person}}
budget: {amount: 40 CNY, period: day, on_exceed: downgrade}
`;

export function mockWorld(now: number): MockWorld {
  const people: Person[] = [
    person('per_lin', '林舟 Lin Zhou', 'lin@example.com', 'owner', ['staff'], now - 2 * minute),
    person('per_maya', 'Maya Ortiz', 'maya@example.com', 'builder', ['staff', 'support'], now - 3 * hour),
    person('per_chen', '陈一诺', 'yinuo@example.com', 'member', ['staff'], now - day),
    person('per_omar', 'Omar Haddad', 'omar@example.com', 'member', ['staff', 'support'], null),
  ];
  const apps: AppRecord[] = [
    app(
      'app_assistant',
      'assistant',
      'Assistant',
      '助手',
      'Ask anything, with your own files as sources.',
      '随便问，以你的文件为依据。',
      {
        builtin: true,
        updatedAt: now - 6 * day,
      },
    ),
    app(
      'app_refund',
      'refund-desk',
      'Refund desk',
      '退款助手',
      'Answers refund questions and files refunds.',
      '解答退款问题并提交退款。',
      {
        versionNumber: 3,
        hasDraft: true,
        updatedAt: now - 2 * hour,
      },
    ),
    app(
      'app_contract',
      'contract-reader',
      'Contract reader',
      '合同阅读',
      'Finds terms, dates and money in contracts.',
      '在合同中找出条款、日期与金额。',
      {
        versionNumber: 7,
        updatedAt: now - 3 * day,
      },
    ),
    app(
      'app_weekly',
      'weekly-notes',
      'Weekly notes',
      '周报整理',
      'Turns notes into a weekly report.',
      '把零散记录整理成周报。',
      {
        status: 'draft',
        currentVersion: null,
        versionNumber: 0,
        hasDraft: true,
        updatedAt: now - 20 * minute,
      },
    ),
    app(
      'app_slogan',
      'slogan-writer',
      'Slogan writer',
      '口号写手',
      'Writes slogans for the shop window.',
      '为橱窗写口号。',
      {
        status: 'stopped',
        versionNumber: 2,
        updatedAt: now - 9 * day,
      },
    ),
  ];
  const versions = [1, 2, 3].map((number) => ({
    appId: 'app_refund',
    hash: `${number}f${'0a9c41d7e2b8'.repeat(5)}`.slice(0, 64),
    number,
    manifest: mockManifest('refund-desk'),
    source: manifestSource('refund-desk', number === 3 ? '\n  Say how long the refund takes.' : ''),
    publishedAt: now - (4 - number) * 5 * day,
    publishedBy: 'per_maya',
    evals:
      number === 1
        ? null
        : {
            passed: 3,
            failed: 0,
            model: 'qianfan/ernie-5.0',
            results: ['old order goes to a person', '定制商品不退', 'cites the clause'].map((name, index) => ({
              name,
              passed: true,
              reason: 'contains what was expected',
              tookMs: 900 + index * 400,
            })),
          },
  }));
  const collections: Collection[] = [
    {
      id: 'col_policies',
      name: 'library:policies',
      ownerId: 'per_lin',
      readers: ['group:staff'],
      createdAt: now - 40 * day,
    },
    {
      id: 'col_contracts',
      name: 'library:contracts',
      ownerId: 'per_maya',
      readers: ['group:legal'],
      createdAt: now - 12 * day,
    },
  ];
  const documents: KnowledgeDocument[] = [
    document(
      'doc_refund',
      'col_policies',
      'refund-policy.pdf',
      'ready',
      { pages: 12, passages: 38, language: 'zh' },
      now,
    ),
    document('doc_travel', 'col_policies', '差旅报销办法.docx', 'ready', { passages: 21, language: 'zh' }, now),
    document('doc_handbook', 'col_policies', 'staff-handbook.md', 'parsing', {}, now),
    document(
      'doc_scan',
      'col_policies',
      'scan-2019-03.pdf',
      'failed',
      {
        reason:
          'The file holds pictures of pages and no text. Reading pictures is not possible yet; upload a PDF with text.',
        pages: 44,
      },
      now,
    ),
    document(
      'doc_supplier',
      'col_contracts',
      'supplier-contract-2026.pdf',
      'ready',
      { pages: 31, passages: 96, language: 'en' },
      now,
    ),
  ];
  const world: MockWorld = {
    people,
    groups: [
      { id: 'grp_staff', name: 'staff', members: people.map(({ id }) => id), createdAt: now - 60 * day },
      { id: 'grp_support', name: 'support', members: ['per_maya', 'per_omar'], createdAt: now - 50 * day },
    ],
    invites: [
      {
        id: 'inv_1',
        email: 'wei@example.com',
        role: 'member',
        groups: ['staff'],
        createdBy: 'per_lin',
        createdAt: now - day,
        expiresAt: now + 6 * day,
        usedAt: null,
      },
    ],
    keys: [
      key('key_shop', 'shop backend', 'sk-myr-7f2c', 'per_lin', now - 4 * minute, now - 30 * day),
      key('key_kpi', 'warehouse KPI feed', 'sk-myr-c019', 'per_lin', null, now - 2 * day),
    ],
    sessions: [
      session('ses_1', true, 'Mozilla/5.0 (Macintosh) Firefox/141', now),
      session('ses_2', false, 'Mozilla/5.0 (iPhone) Safari/19', now - 2 * day),
    ],
    apps,
    versions,
    drafts: [
      {
        appId: 'app_refund',
        source: manifestSource('refund-desk', '\n  Say how long the refund takes.\n  Never promise a date.'),
        updatedAt: now - 2 * hour,
        updatedBy: 'per_maya',
      },
      {
        appId: 'app_weekly',
        source: manifestSource('weekly-notes'),
        updatedAt: now - 20 * minute,
        updatedBy: 'per_lin',
      },
    ],
    models: models(),
    collections,
    documents,
    texts: new Map([['doc_refund', refundText]]),
    conversations: [],
    messages: [],
    runs: [],
    budgets: [
      { scope: 'app:app_refund', limitMicros: 40_000_000, currency: 'CNY', period: 'day', onExceed: 'downgrade' },
      { scope: 'org', limitMicros: 3_000_000_000, currency: 'CNY', period: 'month', onExceed: 'refuse' },
    ],
    states: [
      {
        scope: 'app:app_refund',
        periodStart: now - 9 * hour,
        currency: 'CNY',
        spentMicros: 18_400_000,
        heldMicros: 120_000,
      },
      { scope: 'org', periodStart: now - 20 * day, currency: 'CNY', spentMicros: 2_710_000_000, heldMicros: 0 },
    ],
    audit: ['app.publish', 'model.attach', 'person.invite', 'key.create', 'budget.set'].map((action, index) => ({
      sequence: 412 - index,
      time: now - (index + 1) * 3 * hour,
      actor: index % 2 ? 'person:per_maya' : 'person:per_lin',
      action,
      object: ['app:refund-desk', 'model:qianfan/ernie-5.0', 'invite:inv_1', 'key:key_kpi', 'budget:org'][index] ?? '',
      detail: index === 0 ? { number: 3 } : {},
      previousHash: `${index}b`.repeat(32),
      hash: `${index}a`.repeat(32),
    })),
  };
  seedConversations(world, now);
  seedRuns(world, now);
  return world;
}

function person(
  id: string,
  name: string,
  email: string,
  role: Person['role'],
  groups: string[],
  lastSeenAt: number | null,
): Person {
  return { id, name, email, role, groups, disabled: false, createdAt: 1_790_000_000_000, lastSeenAt };
}

function app(
  id: string,
  name: string,
  titleEn: string,
  titleZh: string,
  descriptionEn: string,
  descriptionZh: string,
  rest: Partial<AppRecord>,
): AppRecord {
  return {
    id,
    name,
    tenant: 'main',
    titleEn,
    titleZh,
    descriptionEn,
    descriptionZh,
    ownerId: 'per_maya',
    use: ['everyone'],
    edit: ['group:support'],
    expose: ['chat', 'api', 'mcp'],
    status: 'published',
    builtin: false,
    currentVersion: `3f${'0a9c41d7e2b8'.repeat(5)}`.slice(0, 64),
    versionNumber: 1,
    hasDraft: false,
    createdAt: 1_790_000_000_000,
    updatedAt: 1_790_000_000_000,
    ...rest,
  };
}

export function document(
  id: string,
  collectionId: string,
  name: string,
  status: KnowledgeDocument['status'],
  rest: Partial<KnowledgeDocument>,
  now: number,
): KnowledgeDocument {
  return {
    id,
    collectionId,
    name,
    mediaType: name.endsWith('.pdf') ? 'application/pdf' : 'text/plain',
    sizeBytes: 184_000 + name.length * 9_000,
    contentHash: 'c0ffee'.repeat(10),
    status,
    reason: null,
    pages: null,
    passages: 0,
    language: null,
    createdAt: now - 3 * day,
    indexedAt: status === 'ready' ? now - 3 * day + 4_000 : null,
    addedBy: 'per_lin',
    ...rest,
  };
}

function key(
  id: string,
  name: string,
  prefix: string,
  ownerId: string,
  lastUsedAt: number | null,
  createdAt: number,
): ApiKey {
  return {
    id,
    name,
    prefix,
    ownerKind: 'person',
    ownerId,
    scopes: id === 'key_kpi' ? ['kpi:write'] : ['runs:write', 'runs:read'],
    apps: [],
    createdAt,
    expiresAt: id === 'key_kpi' ? createdAt + 365 * day : null,
    lastUsedAt,
    revokedAt: null,
  };
}

function session(id: string, current: boolean, userAgent: string, createdAt: number): SessionRow {
  return { id, current, userAgent, ip: '127.0.0.1', createdAt, expiresAt: createdAt + 30 * day };
}

function models(): ModelRow[] {
  const row = (
    id: string,
    name: string,
    provider: string,
    rest: Partial<ModelRow['endpoint']>,
    more: Partial<ModelRow>,
  ): ModelRow => ({
    endpoint: {
      id,
      name,
      family: 'openai-compatible',
      provider,
      baseUrl: 'https://qianfan.baidubce.com/v2',
      upstreamModel: name.split('/')[1] ?? name,
      capabilities: ['chat', 'generate', 'tools', 'zh', 'json'],
      contextTokens: 131_072,
      maxOutputTokens: 8_192,
      price: null,
      concurrency: 8,
      enabled: true,
      preference: 0,
      options: {},
      ...rest,
    },
    hasKey: true,
    keySource: 'console',
    status: {
      endpointId: id,
      model: name,
      inFlight: 1,
      limit: 8,
      queued: 0,
      circuit: 'closed',
      firstTokenMs: 610,
      errorRatio: 0,
    },
    source: 'console',
    ...more,
  });
  return [
    row(
      'mdl_ernie',
      'qianfan/ernie-5.0',
      'qianfan',
      {
        price: {
          currency: 'CNY',
          inputMicrosPerMillion: 6_000_000,
          outputMicrosPerMillion: 24_000_000,
          source: 'price list of the provider',
          date: '2026-10-01',
        },
      },
      {},
    ),
    row(
      'mdl_qwen',
      'ollama/qwen3:8b',
      'ollama',
      { baseUrl: 'http://127.0.0.1:11434/v1', concurrency: 2, enabled: false },
      { hasKey: false, keySource: null, source: 'local', status: null },
    ),
    row(
      'mdl_extract',
      'myriad/extract-1',
      'extract',
      {
        family: 'extract',
        baseUrl: '',
        capabilities: ['chat', 'zh'],
        concurrency: 64,
        price: {
          currency: 'CNY',
          inputMicrosPerMillion: 0,
          outputMicrosPerMillion: 0,
          source: 'built in',
          date: '2026-11-01',
        },
      },
      { hasKey: false, keySource: null, source: 'builtin' },
    ),
  ];
}

export function message(
  id: string,
  conversationId: string,
  parentId: string | null,
  role: 'user' | 'assistant',
  text: string,
  createdAt: number,
  rest: Partial<ConversationMessage> = {},
): ConversationMessage {
  return {
    id,
    conversationId,
    parentId,
    role,
    text,
    reasoning: null,
    citations: [],
    attachments: [],
    toolCalls: [],
    runId: role === 'assistant' ? 'run_1' : null,
    model: role === 'assistant' ? 'qianfan/ernie-5.0' : null,
    status: 'ok',
    errorCode: null,
    errorText: null,
    costMicros: role === 'assistant' ? 6_200 : null,
    currency: role === 'assistant' ? 'CNY' : null,
    tookMs: role === 'assistant' ? 1_400 : null,
    feedback: null,
    createdAt,
    ...rest,
  };
}

function seedConversations(world: MockWorld, now: number): void {
  const talk = (id: string, title: string, updatedAt: number, pinned = false, appId = 'app_assistant') =>
    world.conversations.push({
      id,
      ownerId: 'per_lin',
      appId,
      title,
      activeLeaf: null,
      createdAt: updatedAt,
      updatedAt,
      pinned,
    });
  talk('conv_refund', '退货政策里哪些不能退？', now - 5 * minute);
  talk('conv_maths', 'Why the interval narrows', now - 2 * hour);
  talk('conv_suppliers', 'Compare the two supplier contracts', now - 26 * hour, true);
  talk('conv_minutes', 'Minutes of the pricing meeting', now - 3 * day);
  talk('conv_sql', 'SQL for weekly active stores', now - 4 * day);
  talk('conv_week', '周报：华东区', now - 17 * day);
  const { messages } = world;
  const at = now - 6 * minute;
  messages.push(
    message('msg_1', 'conv_refund', null, 'user', '退货政策里哪些商品不能退？超过九十天怎么办？', at, {
      attachments: [{ documentId: 'doc_refund', name: 'refund-policy.pdf' }],
    }),
    message('msg_2', 'conv_refund', 'msg_1', 'assistant', '以下商品不能退。[1]', at + 1_000, {
      citations: answers.refundZh.citations,
    }),
    message('msg_3', 'conv_refund', 'msg_1', 'assistant', answers.refundZh.text, at + 9_000, {
      citations: answers.refundZh.citations,
    }),
    message('msg_4', 'conv_refund', 'msg_3', 'user', 'Now in English, for the new store team.', at + 40_000),
    message('msg_5', 'conv_refund', 'msg_4', 'assistant', answers.refundEn.text, at + 42_000, {
      citations: answers.refundEn.citations,
      model: 'myriad/extract-1',
      costMicros: 0,
    }),
    message(
      'msg_6',
      'conv_maths',
      null,
      'user',
      'Why does the interval narrow as we collect more data? Show the formula and a small simulation.',
      at,
    ),
    message('msg_7', 'conv_maths', 'msg_6', 'assistant', answers.maths.text, at + 1_000, {
      reasoning: 'They want intuition first, then the rate. The width goes with one over the square root of n.',
      toolCalls: [
        { name: 'calculator', argumentsJson: '{"expression":"1.96*12/sqrt(400)"}', result: '1.176', ok: true },
      ],
    }),
    message('msg_8', 'conv_suppliers', null, 'user', 'Compare the two supplier contracts', at),
    message('msg_9', 'conv_suppliers', 'msg_8', 'assistant', '', at + 1_000, {
      status: 'error',
      errorCode: 'upstream_unavailable',
      errorText:
        'qianfan/ernie-5.0 did not answer within 5 s, and no other attached model can write. Nothing was charged.',
      costMicros: null,
      currency: null,
    }),
  );
}

function seedRuns(world: MockWorld, now: number): void {
  const statuses = ['ok', 'ok', 'ok', 'ok', 'error', 'ok', 'aborted', 'ok', 'ok', 'refused'] as const;
  const surfaces = ['page', 'openai', 'page', 'mcp', 'cli', 'openai'] as const;
  for (let index = 0; index < 240; index += 1) {
    const source = world.apps[index % 3];
    if (!source) continue;
    const startedAt = now - 4 * minute - index * 11 * minute;
    const status = statuses[index % statuses.length] ?? 'ok';
    const priced = index % 7 !== 3;
    const usage = {
      inputTokens: 900 + ((index * 131) % 2_400),
      outputTokens: status === 'ok' ? 120 + ((index * 71) % 600) : 0,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      source: index % 5 === 0 ? ('estimated' as const) : ('reported' as const),
    };
    const cost = usage.inputTokens * 6 + usage.outputTokens * 24;
    const totalMs = 700 + ((index * 173) % 4_200);
    world.runs.push({
      id: `run_${index + 1}`,
      appId: source.id,
      appName: source.name,
      version: source.currentVersion,
      surface: surfaces[index % surfaces.length] ?? 'page',
      tenant: 'main',
      personId: world.people[index % 4]?.id ?? null,
      keyId: index % 6 === 1 ? 'key_shop' : null,
      unit: `user-${(index * 37) % 90}`,
      experiment: source.name === 'refund-desk' ? 'refund-desk' : null,
      assigned: source.name === 'refund-desk' ? (index % 10 === 0 ? 'holdout' : 'treatment') : 'treatment',
      delivered: 'treatment',
      assignmentReason: source.name === 'refund-desk' ? 'experiment' : 'no_experiment',
      conversationId: index % 2 ? null : 'conv_refund',
      status,
      errorCode: status === 'error' ? 'upstream_timeout' : status === 'refused' ? 'budget_exhausted' : null,
      stream: index % 3 !== 1,
      startedAt,
      firstTokenAt: status === 'refused' ? null : startedAt + 420,
      finishedAt: startedAt + totalMs,
      usage,
      costMicros: status === 'refused' ? 0 : priced ? cost : null,
      pricedMicros: priced ? cost : 0,
      currency: 'CNY',
      model: status === 'refused' ? null : 'qianfan/ernie-5.0',
      calls:
        status === 'refused'
          ? []
          : [
              {
                id: `call_${index}`,
                endpointId: 'mdl_ernie',
                model: 'qianfan/ernie-5.0',
                because: 'cheapest of 2 that can chat in Chinese; circuit closed; 1 of 8 slots busy',
                attempt: 1,
                startedAt: startedAt + 60,
                queuedMs: 14,
                firstTokenMs: 360,
                totalMs: totalMs - 80,
                usage,
                cost: priced ? { micros: cost, currency: 'CNY' } : null,
                cached: false,
                status: status === 'ok' ? 'ok' : status === 'aborted' ? 'aborted' : 'error',
                errorCode: status === 'error' ? 'upstream_timeout' : null,
              },
            ],
      steps: [
        { name: 'policy', kind: 'policy', startedAt, tookMs: 1, ok: status !== 'refused', detail: { masked: 0 } },
        {
          name: 'assign',
          kind: 'assign',
          startedAt: startedAt + 1,
          tookMs: 1,
          ok: true,
          detail: { reason: 'experiment' },
        },
        {
          name: 'retrieve',
          kind: 'retrieve',
          startedAt: startedAt + 3,
          tookMs: 41,
          ok: true,
          detail: { method: 'lexical', passages: 6 },
        },
        {
          name: 'context',
          kind: 'context',
          startedAt: startedAt + 44,
          tookMs: 4,
          ok: true,
          detail: { tokens: usage.inputTokens },
        },
        {
          name: 'qianfan/ernie-5.0',
          kind: 'model',
          startedAt: startedAt + 60,
          tookMs: totalMs - 80,
          ok: status === 'ok',
          detail: {},
        },
        {
          name: 'settle',
          kind: 'settle',
          startedAt: startedAt + totalMs - 8,
          tookMs: 7,
          ok: true,
          detail: { holds: 2 },
        },
      ],
    });
  }
}
