/** Wenku's part of the control plane. */
import type { KnowledgeDocument } from './knowledge.ts';
import type { Page } from './store.ts';
import type {
  WenkuComparison,
  WenkuContent,
  WenkuDetail,
  WenkuDocument,
  WenkuImage,
  WenkuJob,
  WenkuJobInput,
  WenkuJobKind,
  WenkuKind,
  WenkuReading,
  WenkuTemplate,
  WenkuVersion,
} from './wenku.ts';

type ListQuery = { search?: string; kind?: string; scope?: string };

/** Wenku's part of `ApiRoutes`. */
export interface WenkuRoutes {
  'GET /api/wenku': { query: ListQuery; answer: Page<WenkuDocument> };
  'POST /api/wenku': {
    body: {
      readonly kind: WenkuKind;
      readonly title?: string;
      readonly template?: string;
      readonly language?: 'en' | 'zh';
      readonly sources?: readonly string[];
    };
    answer: WenkuDetail;
  };
  'GET /api/wenku/templates': { answer: { readonly items: readonly WenkuTemplate[] } };
  /** Raw bytes of a docx, Markdown or HTML file with `?name=`; becomes a new document, with `kind=deck` a deck. */
  'POST /api/wenku/import': { query: { name: string; kind?: string }; answer: WenkuDetail };
  'GET /api/wenku/:id': { answer: WenkuDetail };
  'PATCH /api/wenku/:id': {
    body: {
      readonly title?: string;
      readonly sources?: readonly string[];
      readonly language?: 'en' | 'zh';
      readonly readers?: readonly string[];
      readonly editors?: readonly string[];
    };
    answer: WenkuDocument;
  };
  'PUT /api/wenku/:id/content': {
    body: { readonly revision: number; readonly content: WenkuContent };
    answer: WenkuDocument;
  };
  'DELETE /api/wenku/:id': { answer: { readonly ok: true } };
  'POST /api/wenku/:id/fork': { body: { readonly kind?: WenkuKind }; answer: WenkuDetail };
  'GET /api/wenku/:id/versions': { answer: { readonly items: readonly WenkuVersion[] } };
  'POST /api/wenku/:id/versions': { body: { readonly name: string }; answer: WenkuVersion };
  'GET /api/wenku/:id/versions/:number': {
    answer: WenkuVersion & { readonly content: WenkuContent };
  };
  'POST /api/wenku/:id/versions/:number/restore': { answer: WenkuDetail };
  /** `from` and `to` are version numbers; without `to` the present text. */
  'GET /api/wenku/:id/diff': { query: { from: string; to?: string }; answer: WenkuComparison };
  /** Raw bytes of a PNG, JPEG or GIF, at most 8 MiB. */
  'POST /api/wenku/:id/images': { answer: WenkuImage };
  'GET /api/wenku/:id/images/:hash': { answer: never };
  /** The file, as an attachment. */
  'GET /api/wenku/:id/export': { query: { format: string }; answer: never };
  'POST /api/wenku/:id/jobs': {
    body: { readonly kind: Exclude<WenkuJobKind, 'ask'> } & WenkuJobInput;
    answer: WenkuJob;
  };
  'GET /api/wenku/:id/jobs': { answer: { readonly items: readonly WenkuJob[] } };
  'GET /api/wenku-jobs/:id': { answer: WenkuJob };
  /** Server-sent `WenkuJobEvent`s: the state first, then what changes, until the job ends. */
  'GET /api/wenku-jobs/:id/stream': { answer: never };
  'POST /api/wenku-jobs/:id/stop': { answer: WenkuJob };
  'GET /api/wenku-readings': { answer: { readonly items: readonly KnowledgeDocument[] } };
  /** Raw bytes with `?name=`, or multipart `file`. */
  'POST /api/wenku-readings': { query: { name?: string }; answer: KnowledgeDocument };
  'GET /api/wenku-readings/:id': { answer: WenkuReading };
  'DELETE /api/wenku-readings/:id': { answer: { readonly ok: true } };
  'POST /api/wenku-readings/:id/jobs': {
    body: { readonly kind: 'ask' | 'translate' } & WenkuJobInput;
    answer: WenkuJob;
  };
  'GET /api/wenku-readings/:id/jobs': { answer: { readonly items: readonly WenkuJob[] } };
  /** Makes an editable document of a reading. */
  'POST /api/wenku-readings/:id/document': { answer: WenkuDetail };
  /** Each side is a document's or a reading's id. */
  'GET /api/wenku-compare': { query: { before: string; after: string }; answer: WenkuComparison };
}
