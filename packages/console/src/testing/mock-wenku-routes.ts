import {
  blankContent,
  blankSlide,
  compareTexts,
  countWords,
  docFromMarkdown,
  paragraphsOf,
  plainTextOf,
  slidesFromDoc,
  templateContent,
  wenkuTemplates,
} from '@myriad/builtin/wenku';
import type { ApiRoute, WenkuContent, WenkuDetail, WenkuDocument, WenkuVersion } from '@myriad/contracts';
import { holds, mockPage } from './mock-page.ts';
import { type MockCall, MockRefusal, type MockRoutes } from './mock-types.ts';

type WenkuRoute = Extract<ApiRoute, `${string} /api/wenku${string}`>;

interface Kept {
  document: WenkuDocument;
  content: WenkuContent;
  versions: (WenkuVersion & { readonly content: WenkuContent })[];
}

const kept = new Map<string, Kept>();

function keptOf({ params }: MockCall): Kept {
  const found = kept.get(params.id ?? '');
  if (!found) throw new MockRefusal('not_found', 'There is no such document.');
  return found;
}

const detail = ({ document, content }: Kept): WenkuDetail => ({
  document,
  content,
  may: ['read', 'write', 'share'],
  job: null,
});

function make(call: MockCall, title: string, content: WenkuContent): WenkuDetail {
  const now = call.now();
  const made: Kept = {
    document: {
      id: call.id('wen'),
      kind: content.type,
      title,
      ownerId: 'per_me',
      readers: [],
      editors: [],
      language: 'en',
      sources: [],
      revision: 1,
      words: countWords(plainTextOf(content)),
      forkedFrom: null,
      createdAt: now,
      updatedAt: now,
      updatedBy: 'per_me',
    },
    content,
    versions: [],
  };
  kept.set(made.document.id, made);
  return detail(made);
}

function change(one: Kept, document: Partial<WenkuDocument>, content = one.content): Kept {
  one.document = { ...one.document, ...document, revision: one.document.revision + 1 };
  one.content = content;
  return one;
}

const writing = (): never => {
  throw new MockRefusal('capability_unavailable', 'The mock has no generating model.');
};
const noReading = (): never => {
  throw new MockRefusal('not_found', 'The mock reads no files.');
};

/** Documents in memory: what needs no model works, the rest is refused in plain words. */
export const wenkuRoutes: Pick<MockRoutes, WenkuRoute> = {
  'GET /api/wenku': ({ query }) => {
    const items = [...kept.values()]
      .map(({ document }) => document)
      .filter(({ title, kind }) => holds(query.search, title) && (!query.kind || kind === query.kind))
      .sort((left, right) => right.updatedAt - left.updatedAt);
    return mockPage(query.scope === 'library' ? [] : items, query);
  },
  'POST /api/wenku': (call) => {
    const { kind, title = '', template, language = 'en' } = call.body;
    const from = template ? templateContent(template, language) : null;
    return make(call, title || from?.title || '', from?.content ?? blankContent(kind, title));
  },
  'GET /api/wenku/templates': () => ({ items: wenkuTemplates }),
  'POST /api/wenku/import': (call) => {
    const doc = docFromMarkdown(new TextDecoder().decode(call.bytes));
    const content: WenkuContent =
      call.query.kind === 'deck' ? { type: 'deck', theme: 'paper', slides: slidesFromDoc(doc) } : doc;
    return make(call, call.query.name ?? '', content);
  },
  'GET /api/wenku/:id': (call) => detail(keptOf(call)),
  'PATCH /api/wenku/:id': (call) => change(keptOf(call), call.body).document,
  'PUT /api/wenku/:id/content': (call) => change(keptOf(call), { updatedAt: call.now() }, call.body.content).document,
  'DELETE /api/wenku/:id': ({ params }) => {
    kept.delete(params.id ?? '');
    return { ok: true };
  },
  'POST /api/wenku/:id/fork': (call) => {
    const { document, content } = keptOf(call);
    return make(call, document.title, content);
  },
  'GET /api/wenku/:id/versions': (call) => ({ items: keptOf(call).versions }),
  'POST /api/wenku/:id/versions': (call) => {
    const { document, content, versions } = keptOf(call);
    const version = {
      documentId: document.id,
      number: versions.length + 1,
      name: call.body.name as string,
      title: document.title,
      words: document.words,
      createdAt: call.now(),
      createdBy: 'per_me',
      content,
    };
    versions.unshift(version);
    return version;
  },
  'GET /api/wenku/:id/versions/:number': (call) => versionOf(call, call.params.number),
  'POST /api/wenku/:id/versions/:number/restore': (call) =>
    detail(change(keptOf(call), {}, versionOf(call, call.params.number).content)),
  'GET /api/wenku/:id/diff': (call) => {
    const { document, content } = keptOf(call);
    return compareTexts(
      { title: `v${call.query.from}`, paragraphs: paragraphsOf(versionOf(call, call.query.from).content) },
      { title: document.title, paragraphs: paragraphsOf(content) },
    );
  },
  'POST /api/wenku/:id/images': ({ bytes }) => ({
    hash: '0'.repeat(64),
    mediaType: 'image/png',
    width: 1,
    height: 1,
    sizeBytes: bytes.length,
  }),
  'GET /api/wenku/:id/images/:hash': noReading,
  'GET /api/wenku/:id/export': (call) => new Response(plainTextOf(keptOf(call).content)),
  'POST /api/wenku/:id/jobs': writing,
  'GET /api/wenku/:id/jobs': () => ({ items: [] }),
  'GET /api/wenku-jobs/:id': writing,
  'GET /api/wenku-jobs/:id/stream': writing,
  'POST /api/wenku-jobs/:id/stop': writing,
  'GET /api/wenku-readings': () => ({ items: [] }),
  'POST /api/wenku-readings': noReading,
  'GET /api/wenku-readings/:id': noReading,
  'DELETE /api/wenku-readings/:id': () => ({ ok: true }),
  'POST /api/wenku-readings/:id/jobs': writing,
  'GET /api/wenku-readings/:id/jobs': () => ({ items: [] }),
  'POST /api/wenku-readings/:id/document': (call) =>
    make(call, '', { type: 'deck', theme: 'paper', slides: [blankSlide('s1', 'title')] }),
  'GET /api/wenku-compare': noReading,
};

function versionOf(call: MockCall, number: string | undefined) {
  const version = keptOf(call).versions.find((each) => String(each.number) === number);
  if (!version) throw new MockRefusal('not_found', 'There is no such version.');
  return version;
}
