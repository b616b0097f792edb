import type { ApiRoute, KnowledgeDocument } from '@myriad/contracts';
import { takeFile } from './mock-chat-routes.ts';
import { holds, mockPage } from './mock-page.ts';
import { answers, refundText } from './mock-texts.ts';
import { type MockCall, MockRefusal, type MockRoutes } from './mock-types.ts';

type KnowledgeRoute = Extract<
  ApiRoute,
  | `${string} /api/collections${string}`
  | `${string} /api/documents/${string}`
  | 'GET /api/passages/:id'
  | 'GET /api/knowledge/search'
>;

function documentOf({ world, params }: MockCall): KnowledgeDocument {
  const found = world.documents.find(({ id }) => id === params.id);
  if (!found) throw new MockRefusal('not_found', 'This document is gone.');
  return found;
}

export const knowledgeRoutes: Pick<MockRoutes, KnowledgeRoute> = {
  'GET /api/collections': ({ world, query }) =>
    mockPage(
      world.collections.map((collection) => {
        const own = world.documents.filter(({ collectionId }) => collectionId === collection.id);
        return {
          ...collection,
          documents: own.length,
          sizeBytes: own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        };
      }),
      query,
    ),
  'POST /api/collections': ({ world, body, id, now }) => {
    const collection = {
      id: id('col'),
      name: body.name,
      ownerId: 'per_lin',
      readers: body.readers ?? [],
      createdAt: now(),
    };
    world.collections.push(collection);
    return collection;
  },
  'PATCH /api/collections/:id': ({ world, params, body }) => {
    const at = world.collections.findIndex(({ id }) => id === params.id);
    const before = world.collections[at];
    if (!before) throw new MockRefusal('not_found', 'No such collection.');
    world.collections[at] = { ...before, readers: body.readers };
    return { ...before, readers: body.readers };
  },
  'DELETE /api/collections/:id': ({ world, params }) => {
    world.collections = world.collections.filter(({ id }) => id !== params.id);
    return { ok: true };
  },
  'GET /api/collections/:id/documents': ({ world, params, query }) =>
    mockPage(
      world.documents
        .filter(
          ({ collectionId, name, status }) =>
            collectionId === params.id && holds(query.search, name) && (!query.status || status === query.status),
        )
        .toReversed(),
      query,
    ),
  'POST /api/collections/:id/documents': (call) => takeFile(call, call.params.id ?? ''),
  'GET /api/documents/:id': documentOf,
  'DELETE /api/documents/:id': ({ world, params }) => {
    world.documents = world.documents.filter(({ id }) => id !== params.id);
    return { ok: true };
  },
  'POST /api/documents/:id/retry': (call) => ({ ...documentOf(call), status: 'queued', reason: null }),
  'GET /api/documents/:id/text': () => ({ text: refundText, pageStarts: [0] }),
  'GET /api/documents/:id/original': () =>
    new Response(refundText, { headers: { 'content-disposition': 'attachment' } }) as never,
  'GET /api/passages/:id': (call) => {
    const citation = answers.refundZh.citations.find(({ passageId }) => passageId === call.params.id);
    const document = call.world.documents.find(({ id }) => id === 'doc_refund');
    if (!citation || !document) throw new MockRefusal('not_found', 'The passage is gone.');
    const start = refundText.lastIndexOf('\n\n', citation.start) + 2;
    const end = refundText.indexOf('\n\n', citation.end);
    return {
      passage: {
        id: citation.passageId,
        documentId: document.id,
        documentName: document.name,
        collectionId: document.collectionId,
        text: refundText.slice(start, end),
        start,
        end,
        page: citation.page ?? null,
        headings: ['退货与退款政策（2026 版）', citation.number === 3 ? '5 时限' : '4 退货'],
      },
      document,
      context: refundText,
      contextStart: 0,
      pageCount: document.pages,
    };
  },
  'GET /api/knowledge/search': ({ query }) => ({
    passages: answers.refundZh.citations.map((citation, index) => ({
      id: citation.passageId,
      documentId: citation.documentId,
      documentName: citation.documentName,
      collectionId: 'col_policies',
      text: citation.quote,
      start: citation.start,
      end: citation.end,
      page: citation.page ?? null,
      headings: ['退货与退款政策（2026 版）'],
      score: 12.4 - index * 3,
      coverage: Math.max(0.2, 0.92 - index * 0.3),
      sentences: [{ start: 0, end: Math.min(citation.quote.length, 18), coverage: 0.9 }],
    })),
    report: {
      method: 'lexical',
      because: `no embedding model is attached; words of “${query.q}”`,
      tookMs: 3.2,
      candidates: 38,
    },
  }),
};
