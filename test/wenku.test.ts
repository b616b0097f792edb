/** Wenku over HTTP, on a real node: documents, versions, files out and in, writing with a scripted model, reading. */
import type {
  Slide,
  WenkuComparison,
  WenkuContent,
  WenkuDeck,
  WenkuDetail,
  WenkuDoc,
  WenkuDocument,
  WenkuJob,
  WenkuReading,
} from '@myriad/contracts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { makePdf } from './support/make-pdf.ts';
import { becomeOwner, browserHeaders, call, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream } from './support/upstream.ts';

let node: RunningNode;
let upstream: Upstream;
let owner: Session;
let headers: Record<string, string>;

beforeAll(async () => {
  upstream = await startUpstream();
  node = await startNode();
  owner = await becomeOwner(node);
  headers = browserHeaders(node, owner);
});
afterAll(async () => {
  await node?.stop();
  await upstream?.close();
});

const ask = <T>(route: string, body?: unknown) =>
  call<T>(node, route, { key: null, headers, ...(body === undefined ? {} : { body }) });
const send = <T>(route: string, raw: string | Uint8Array, type: string) =>
  call<T>(node, route, { key: null, headers: { ...headers, 'content-type': type }, raw: raw as string });
const made = async (body: object) => (await ask<WenkuDetail>('POST /api/wenku', body)).body;
const finished = async (job: WenkuJob): Promise<WenkuJob> => {
  await vi.waitUntil(async () => (await ask<WenkuJob>(`GET /api/wenku-jobs/${job.id}`)).body.status !== 'running', {
    timeout: 60_000,
    interval: 100,
  });
  return (await ask<WenkuJob>(`GET /api/wenku-jobs/${job.id}`)).body;
};
const doc = (...lines: string[]): WenkuContent => ({
  type: 'doc',
  content: lines.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] })),
});

describe('documents', () => {
  test('a save from an old revision is refused, and versions are kept, compared and restored', async () => {
    const { document } = await made({ kind: 'doc', title: 'Terms' });
    const path = `/api/wenku/${document.id}`;
    const save = (revision: number, content: unknown) =>
      ask<WenkuDocument>(`PUT ${path}/content`, { revision, content });
    expect((await save(1, doc('Goods may be returned within thirty days.', '第二段'))).body.revision).toBe(2);
    expect((await save(1, doc('late'))).status).toBe(409);
    expect((await ask(`POST ${path}/versions`, { name: 'First' })).status).toBe(201);
    await save(2, doc('Goods may be returned within fifteen days.', '第二段'));
    const { body: diff } = await ask<WenkuComparison>(`GET ${path}/diff?from=1`);
    expect(diff).toMatchObject({ changed: 1, same: 1, added: 0, removed: 0 });
    expect(diff.blocks[0]?.pieces.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', text: 'thirty' },
      { kind: 'added', text: 'fifteen' },
    ]);
    const restored = await ask<WenkuDetail>(`POST ${path}/versions/1/restore`, {});
    expect(JSON.stringify(restored.body.content)).toContain('thirty');
    const { body: versions } = await ask<{ items: { name: string | null }[] }>(`GET ${path}/versions`);
    expect(versions.items.map(({ name }) => name)).toEqual([null, 'First']);
  });

  test('bad bodies are refused by field', async () => {
    const { document } = await made({ kind: 'deck' });
    const save = (content: unknown) =>
      ask<{ code: string; facts: { field: string } }>(`PUT /api/wenku/${document.id}/content`, {
        revision: 1,
        content,
      });
    const faults = [
      [{ type: 'deck', theme: 'neon', slides: [] }, 'content.theme'],
      [{ type: 'deck', theme: 'ink', slides: [{ id: 'a', layout: 'x' }] }, 'content.slides.0.layout'],
    ] as const;
    for (const [content, field] of faults) {
      const { status, body } = await save(content);
      expect([status, body.code, body.facts.field]).toEqual([400, 'invalid_request', field]);
    }
    expect((await ask('POST /api/wenku', { kind: 'sheet' })).status).toBe(400);
    expect((await ask('POST /api/wenku', { kind: 'doc', template: 'none' })).status).toBe(404);
    expect((await ask(`GET /api/wenku/${document.id}/export?format=exe`)).status).toBe(400);
  });

  test('what leaves as a file comes back: a deck of ten slides through every format, Chinese in all', async () => {
    const { document } = await made({ kind: 'deck', template: 'deck-report', language: 'zh' });
    const sizes: Record<string, number> = {};
    for (const format of ['pptx', 'docx', 'xlsx', 'pdf', 'md', 'html']) {
      const response = await fetch(`${node.url}/api/wenku/${document.id}/export?format=${format}`, { headers });
      expect([format, response.status]).toEqual([format, 200]);
      expect(response.headers.get('content-disposition')).toContain(`.${format}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      sizes[format] = bytes.length;
      if (format === 'docx' || format === 'md') {
        const back = await send<WenkuDetail>(
          `POST /api/wenku/import?name=${encodeURIComponent(`回来.${format}`)}&kind=deck`,
          bytes,
          'application/octet-stream',
        );
        expect([format, back.status]).toEqual([format, 201]);
        const titles = (content: WenkuContent) => (content as WenkuDeck).slides.map(({ title }: Slide) => title);
        const original = (await ask<WenkuDetail>(`GET /api/wenku/${document.id}`)).body.content;
        expect(titles(back.body.content)).toEqual(titles(original));
      }
    }
    expect(sizes.pdf).toBeGreaterThan(20_000);
  });

  test('a damaged or unknown file is refused in plain words, and the node goes on', async () => {
    const broken = await send<{ code: string }>(
      'POST /api/wenku/import?name=a.docx',
      'not a zip',
      'application/octet-stream',
    );
    expect([broken.status, broken.body.code]).toEqual([422, 'parse_failed']);
    const unknown = await send<{ code: string }>('POST /api/wenku/import?name=a.exe', 'MZ', 'application/octet-stream');
    expect([unknown.status, unknown.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  test('without a generating model what needs one says so, and names what works', async () => {
    const { document } = await made({ kind: 'doc', title: 'Plan' });
    const { status, body } = await ask<{ code: string; detail: string }>(`POST /api/wenku/${document.id}/jobs`, {
      kind: 'outline',
      text: 'A plan',
    });
    expect([status, body.code]).toEqual([503, 'capability_unavailable']);
    expect(body.detail).toContain('generating model');
  });
});

describe('reading', () => {
  test('a PDF is read without a generating model: summary with pages, figures, an answer that quotes; a copy is compared', async () => {
    const pdf = makePdf([
      ['Refund policy of the Lantern stores', 'Goods in their box may be returned within thirty days of delivery.'],
      [
        'A refund of 1,250 USD is paid within 14 days to the card that paid.',
        'The stores answer refund questions every day.',
      ],
    ]);
    const { body: document } = await send<{ id: string }>(
      'POST /api/wenku-readings?name=policy.pdf',
      pdf,
      'application/pdf',
    );
    await vi.waitUntil(
      async () => (await ask<WenkuReading>(`GET /api/wenku-readings/${document.id}`)).body.document.status === 'ready',
      { timeout: 60_000, interval: 100 },
    );
    const { body: reading } = await ask<WenkuReading>(`GET /api/wenku-readings/${document.id}`);
    for (const { start, end, text } of reading.summary) expect(reading.text.slice(start, end)).toBe(text);
    expect(reading.figures.map(({ value, page }) => [value, page])).toContainEqual(['1,250 USD', 2]);
    const { body: job } = await ask<WenkuJob>(`POST /api/wenku-readings/${document.id}/jobs`, {
      kind: 'ask',
      text: 'Within how many days may goods be returned?',
    });
    const answered = await finished(job);
    expect(answered.status).toBe('done');
    const [citation] = answered.parts[0]?.citations ?? [];
    expect(reading.text.slice(citation?.start, citation?.end)).toBe(citation?.quote);
    expect(citation).toMatchObject({ page: 1, documentId: document.id });
    const copy = await ask<WenkuDetail>(`POST /api/wenku-readings/${document.id}/document`, {});
    expect(copy.status).toBe(201);
    const { body: same } = await ask<WenkuComparison>(
      `GET /api/wenku-compare?before=${document.id}&after=${copy.body.document.id}`,
    );
    expect(same.blocks.some(({ kind }) => kind === 'same')).toBe(true);
    const runs = await call<{ items: { appName: string; id: string; status: string }[] }>(
      node,
      'GET /api/runs?app=wenku',
    );
    expect(runs.body.items.map(({ id }) => id)).toContain(answered.parts[0]?.runId);
  });
});

describe('writing with a generating model', () => {
  beforeAll(() => attachModels(node, upstream, ['writes']));

  test('topic → outline → draft by section, each a run with its cost, with citations from a collection of the caller', async () => {
    const library = await ask<{ id: string }>('POST /api/collections', { name: 'library:refunds' });
    const source = await send<{ id: string }>(
      `POST /api/collections/${library.body.id}/documents?name=refunds.txt`,
      'Goods may be returned within thirty days of delivery. This matters for cost and time and saving.',
      'text/plain',
    );
    await vi.waitUntil(
      async () => (await ask<{ status: string }>(`GET /api/documents/${source.body.id}`)).body.status === 'ready',
      { timeout: 60_000, interval: 100 },
    );
    const { document } = await made({ kind: 'doc', title: 'Refunds', language: 'en', sources: [library.body.id] });
    const start = (body: object) => ask<WenkuJob>(`POST /api/wenku/${document.id}/jobs`, body);
    const outlined = await finished((await start({ kind: 'outline', text: 'Returning goods' })).body);
    expect(outlined.outline?.map(({ title }) => title)).toEqual(['Why it matters', '怎样做', 'What it brings']);
    const drafted = await finished((await start({ kind: 'draft', outline: outlined.outline })).body);
    expect(drafted.status).toBe('done');
    expect(drafted.parts.every(({ status, costMicros }) => status === 'done' && (costMicros ?? 0) > 0)).toBe(true);
    const { body } = await ask<WenkuDetail>(`GET /api/wenku/${document.id}`);
    const text = JSON.stringify(body.content);
    for (const title of ['Refunds', 'Why it matters', '怎样做', 'What it brings']) expect(text).toContain(title);
    expect(text).not.toContain('[1]');
    for (const part of drafted.parts) {
      const run = await call<{ status: string; appName: string; experiment: string | null }>(
        node,
        `GET /api/runs/${part.runId}`,
      );
      expect(run.body).toMatchObject({ status: 'ok', appName: 'wenku', experiment: 'wenku:wenku_documents_finished' });
    }
    const rewritten = await finished(
      (await start({ kind: 'rewrite', text: 'shorter', selection: 'a long text' })).body,
    );
    expect(rewritten.parts[0]?.text).toBe('a short text');
    const translated = await finished((await start({ kind: 'translate', into: 'zh', blocks: ['One.', 'Two.'] })).body);
    expect(translated.parts[0]?.text).toBe('译文：One.\n\nTwo.');
  });

  test('a deck is drafted slide by slide; while it is written nobody else saves, and stopping keeps what was written', async () => {
    const { document } = await made({ kind: 'deck', title: 'Slowly', language: 'en' });
    const outline = [
      { title: 'One', points: ['a'] },
      { title: 'Two slowly', points: ['b'] },
    ];
    const { body: job } = await ask<WenkuJob>(`POST /api/wenku/${document.id}/jobs`, { kind: 'draft', outline });
    const detail = async () => (await ask<WenkuDetail>(`GET /api/wenku/${document.id}`)).body;
    await vi.waitUntil(async () => ((await detail()).content as WenkuDeck).slides.length === 2, {
      timeout: 60_000,
      interval: 50,
    });
    const now = await detail();
    expect(now.job?.id).toBe(job.id);
    const refused = await ask<{ code: string }>(`PUT /api/wenku/${document.id}/content`, {
      revision: now.document.revision,
      content: now.content,
    });
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    const stopped = await ask<WenkuJob>(`POST /api/wenku-jobs/${job.id}/stop`, {});
    expect(stopped.body.status).toBe('stopped');
    const { slides } = (await detail()).content as WenkuDeck;
    expect(slides.map(({ layout, title, notes }) => [layout, title, notes])).toEqual([
      ['title', 'Slowly', ''],
      ['bullets', 'One', 'Say it plainly.'],
    ]);
  });

  test('the stream tells the state first and then the words, and a second reader who comes late gets all of them', async () => {
    const { document } = await made({ kind: 'doc', title: 'Streamed slowly', language: 'en' });
    const { body: job } = await ask<WenkuJob>(`POST /api/wenku/${document.id}/jobs`, {
      kind: 'draft',
      outline: [{ title: 'Part slowly', points: [] }],
    });
    const read = async () => {
      const text = await (await fetch(`${node.url}/api/wenku-jobs/${job.id}/stream`, { headers })).text();
      return text
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line) => JSON.parse(line.slice(6)));
    };
    const first = read();
    await vi.waitUntil(
      async () => ((await ask<WenkuJob>(`GET /api/wenku-jobs/${job.id}`)).body.parts[0]?.text ?? '').length > 20,
      { timeout: 60_000, interval: 50 },
    );
    for (const events of await Promise.all([first, read()])) {
      expect(events[0].type).toBe('job');
      expect(events.at(-1).job).toMatchObject({ status: 'done' });
      let text = '';
      for (const event of events) text = event.type === 'text' ? text + event.text : event.job.parts[0].text;
      expect(text).toContain('within thirty days of delivery');
    }
  });

  test('a draft that kill -9 cut off goes on at the next start, without doubling a section', async () => {
    const { document } = await made({ kind: 'doc', title: 'Restart', language: 'en' });
    const { body: job } = await ask<WenkuJob>(`POST /api/wenku/${document.id}/jobs`, {
      kind: 'draft',
      outline: [
        { title: 'First', points: [] },
        { title: 'Second slowly', points: [] },
      ],
    });
    await vi.waitUntil(
      async () => (await ask<WenkuJob>(`GET /api/wenku-jobs/${job.id}`)).body.parts[1]?.status === 'writing',
      { timeout: 60_000, interval: 20 },
    );
    await node.kill();
    node = await startNode({ data: node.data });
    headers = browserHeaders(node, owner);
    const done = await finished(job);
    expect(done.status).toBe('done');
    const { body } = await ask<WenkuDetail>(`GET /api/wenku/${document.id}`);
    expect(
      (body.content as WenkuDoc).content
        .filter(({ type }) => type === 'heading')
        .map(({ content }) => content?.[0]?.text),
    ).toEqual(['Restart', 'First', 'Second slowly']);
  });
});
