/**
 * Wenku (文库): documents and decks. A document is a tree in the shape of ProseMirror's JSON, a deck a list of slides with
 * named fields; both are data that pages edit, exporters read and versions keep.
 */
import type { Citation } from './chat.ts';
import type { KnowledgeDocument } from './knowledge.ts';
import type { LocalizedText } from './manifest.ts';

export type WenkuKind = 'doc' | 'deck';

export interface WenkuMark {
  readonly type: 'bold' | 'italic' | 'strike' | 'underline' | 'code' | 'link';
  readonly attrs?: { readonly href: string };
}

/** A node of a document's tree; which nodes, attributes and children there are is checked by the builtin room. */
export interface WenkuNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, string | number | boolean | null>>;
  readonly content?: readonly WenkuNode[];
  readonly marks?: readonly WenkuMark[];
  readonly text?: string;
}

export interface WenkuDoc {
  readonly type: 'doc';
  readonly content: readonly WenkuNode[];
}

export type SlideLayout =
  | 'title'
  | 'section'
  | 'bullets'
  | 'columns'
  | 'figure'
  | 'table'
  | 'chart'
  | 'quote'
  | 'closing';

export interface SlideBullet {
  /** Plain words; `**bold**` and `$maths$` are understood. */
  readonly text: string;
  readonly level: 0 | 1 | 2;
}

/** First row is the header; for a chart its first column names the categories and the others are series. */
export type SlideRows = readonly (readonly string[])[];

export interface Slide {
  readonly id: string;
  readonly layout: SlideLayout;
  readonly title: string;
  readonly subtitle: string;
  readonly bullets: readonly SlideBullet[];
  /** Second column of `columns`. */
  readonly right: readonly SlideBullet[];
  /** Hash of an image of the document, or null. */
  readonly image: string | null;
  /** Words under a figure, table or chart; of an image also what a screen reader says. */
  readonly caption: string;
  readonly rows: SlideRows;
  readonly chart: 'column' | 'bar' | 'line';
  readonly quote: string;
  /** Who said the quote. */
  readonly by: string;
  /** What the speaker says; never shown to the audience. */
  readonly notes: string;
}

export type DeckTheme = 'paper' | 'azure' | 'ink' | 'pine';

export interface WenkuDeck {
  readonly type: 'deck';
  readonly theme: DeckTheme;
  readonly slides: readonly Slide[];
}

export type WenkuContent = WenkuDoc | WenkuDeck;

export interface WenkuDocument {
  readonly id: string;
  readonly kind: WenkuKind;
  readonly title: string;
  readonly ownerId: string;
  /** Principals who may read and fork it; a document with readers stands in the library. */
  readonly readers: readonly string[];
  readonly editors: readonly string[];
  readonly language: 'en' | 'zh';
  /** Collections that its writing quotes from. */
  readonly sources: readonly string[];
  /** Grows with every save; a save names the one it was made from. */
  readonly revision: number;
  readonly words: number;
  /** Document it was forked from, or null. */
  readonly forkedFrom: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

export interface WenkuVersion {
  readonly documentId: string;
  /** Counts from 1. */
  readonly number: number;
  /** Null for one that was kept by itself before later changes. */
  readonly name: string | null;
  readonly title: string;
  readonly words: number;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** An image of one document; its bytes live and die with the document. */
export interface WenkuImage {
  readonly hash: string;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

export type WenkuJobKind = 'outline' | 'draft' | 'rewrite' | 'translate' | 'ask';

export interface WenkuOutlineItem {
  readonly title: string;
  /** What the section is to say. */
  readonly points: readonly string[];
}

/** One run of the app within a job. */
export interface WenkuPart {
  readonly title: string;
  readonly status: 'waiting' | 'writing' | 'done' | 'failed';
  /** Markdown, as it grows. */
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly runId: string | null;
  readonly model: string | null;
  readonly costMicros: number | null;
  readonly currency: string | null;
}

/** Work of the app for one document or reading; it goes on when pages close and when the node starts again. */
export interface WenkuJob {
  readonly id: string;
  readonly kind: WenkuJobKind;
  /** Document that is written, or reading (a knowledge document) that is asked. */
  readonly target: string;
  readonly ownerId: string;
  readonly language: 'en' | 'zh';
  readonly status: 'running' | 'done' | 'failed' | 'stopped';
  readonly input: WenkuJobInput;
  readonly parts: readonly WenkuPart[];
  /** Result of `outline`. */
  readonly outline: readonly WenkuOutlineItem[] | null;
  readonly errorCode: string | null;
  readonly errorText: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface WenkuJobInput {
  /** Topic, question, or what to do with the selection. */
  readonly text?: string;
  /** Selection that is rewritten, as Markdown. */
  readonly selection?: string;
  readonly outline?: readonly WenkuOutlineItem[];
  /** Language to translate into. */
  readonly into?: 'en' | 'zh';
  /** Slides or sections wanted. */
  readonly length?: number;
  /** Blocks to translate, as Markdown. */
  readonly blocks?: readonly string[];
}

export type WenkuJobEvent =
  /** The whole state; the first event of every stream, and again when parts changed. */
  | { readonly type: 'job'; readonly job: WenkuJob }
  | { readonly type: 'text'; readonly part: number; readonly text: string };

export interface DiffPiece {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** A paragraph of a comparison; `changed` holds its words piece by piece. */
export interface DiffBlock {
  readonly kind: 'same' | 'added' | 'removed' | 'changed';
  readonly pieces: readonly DiffPiece[];
  /** Place in the old and the new text, counting from 0; null where it is not there. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface WenkuComparison {
  readonly before: string;
  readonly after: string;
  readonly blocks: readonly DiffBlock[];
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly same: number;
}

/** A stretch of a reading's extracted text. */
export interface ReadingSpan {
  readonly start: number;
  readonly end: number;
  /** 1-based where the source has pages. */
  readonly page: number | null;
}

export interface WenkuReading {
  readonly document: KnowledgeDocument;
  readonly text: string;
  readonly pageStarts: readonly number[];
  readonly outline: readonly (ReadingSpan & { readonly title: string; readonly level: number })[];
  /** Sentences of the document that say most of it, in its own order and words. */
  readonly summary: readonly (ReadingSpan & { readonly text: string })[];
  readonly figures: readonly (ReadingSpan & { readonly value: string; readonly sentence: string })[];
  readonly tables: readonly (ReadingSpan & { readonly rows: SlideRows })[];
}

export interface WenkuTemplate {
  readonly id: string;
  readonly kind: WenkuKind;
  readonly title: LocalizedText;
  readonly description: LocalizedText;
}

export type WenkuFormat = 'docx' | 'pptx' | 'xlsx' | 'pdf' | 'md' | 'html';

export interface WenkuDetail {
  readonly document: WenkuDocument;
  readonly content: WenkuContent;
  readonly may: readonly ('read' | 'write' | 'share')[];
  /** Job that is writing the document now; until it ends nobody else can save. */
  readonly job: WenkuJob | null;
}
