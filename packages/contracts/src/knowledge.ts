/** Documents, passages and retrieval. */

export type DocumentStatus = 'queued' | 'parsing' | 'ready' | 'failed';

/** A set of documents with one access rule: a library, a conversation's files, a folder of a drive. */
export interface Collection {
  readonly id: string;
  /** What manifests name, such as `library:policies` or `conversation:conv_…`. */
  readonly name: string;
  readonly ownerId: string;
  /** Principals who may read: `person:<id>`, `group:<name>`, `everyone`. */
  readonly readers: readonly string[];
  readonly createdAt: number;
}

export interface KnowledgeDocument {
  readonly id: string;
  readonly collectionId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** SHA-256 of the original bytes, in hex; also the blob's name. */
  readonly contentHash: string;
  readonly status: DocumentStatus;
  /** Why it failed, in words; of a ready one what could not be read of it, such as scanned pages; else null. */
  readonly reason: string | null;
  readonly pages: number | null;
  readonly passages: number;
  readonly language: string | null;
  readonly createdAt: number;
  readonly indexedAt: number | null;
  readonly addedBy: string;
}

/** A retrieved stretch of a document. `start` and `end` are characters in the document's extracted text. */
export interface Passage {
  readonly id: string;
  readonly documentId: string;
  readonly documentName: string;
  readonly collectionId: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly page: number | null;
  /** Headings above the passage, outermost first. */
  readonly headings: readonly string[];
  readonly score: number;
  /** Share of the query's weight found in the passage, 0 to 1. Below about ½ nothing should be claimed from it. */
  readonly coverage: number;
  /** Sentences of the passage (offsets relative to the passage) with their own coverage of the query, 0 to 1. */
  readonly sentences: readonly PassageSentence[];
}

export interface PassageSentence {
  readonly start: number;
  readonly end: number;
  readonly coverage: number;
}

/** Kinds of file that a search may be narrowed to. */
export type FileKind = 'pdf' | 'document' | 'slides' | 'sheet' | 'text' | 'page' | 'mail' | 'code' | 'image';

/** Which documents count; what is left out is not asked. Who may read is decided before, by collections. */
export interface PassageFilter {
  readonly kinds?: readonly FileKind[];
  /** Added at or after, and before, in UTC milliseconds. */
  readonly from?: number;
  readonly to?: number;
  /** Person or key that added the document. */
  readonly addedBy?: string;
}

/** How retrieval was done, said on every answer. */
export interface RetrievalReport {
  readonly method: 'lexical' | 'hybrid';
  readonly because: string;
  readonly tookMs: number;
  readonly candidates: number;
}
