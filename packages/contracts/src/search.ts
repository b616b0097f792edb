/** Search: questions answered from documents and the web, their sources, history and shares. */
import type { Conversation, ConversationMessage } from './conversations.ts';
import type { Passage, PassageFilter, RetrievalReport } from './knowledge.ts';

/**
 * How much is read before an answer: `speed` a few passages and the web's own excerpts, `balanced` more passages and the
 * best pages, `quality` most passages, several phrasings of the question and more pages.
 */
export type SearchDepth = 'speed' | 'balanced' | 'quality';

/** Where and what to search. Empty means everything that the person may read. */
export interface SearchScope {
  /** Names such as `library:policies`, or `drive:/folder` with all below it. */
  readonly collections: readonly string[];
  readonly filter: PassageFilter;
  /** Whether the web is asked too; only where the operator attached a source. */
  readonly web: boolean;
}

export interface AskSearch {
  readonly question: string;
  readonly depth?: SearchDepth;
  readonly scope?: Partial<SearchScope>;
  /** Search that this question follows; a new one without it. */
  readonly conversationId?: string | null;
  /** Message that the question follows; the newest answer unless said. */
  readonly parentId?: string | null;
  readonly language?: 'en' | 'zh';
}

/** A passage that an answer was given, in the order in which the model saw it. */
export interface SearchSource {
  readonly passage: Omit<Passage, 'sentences'>;
  readonly origin: 'document' | 'web';
  /** Address of a web page; null for a document. */
  readonly url: string | null;
}

export interface SearchStep {
  readonly id: string;
  readonly kind: 'retrieve' | 'model' | 'tool' | 'guard';
  readonly title: string;
  readonly status: 'running' | 'done' | 'failed';
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A statement that named a source which does not say it; its citation was taken away. */
export interface UnsupportedClaim {
  readonly number: number;
  readonly claim: string;
}

/** What is kept of how an answer came about, beside its message. */
export interface SearchRecord {
  readonly messageId: string;
  readonly conversationId: string;
  readonly question: string;
  readonly depth: SearchDepth;
  readonly scope: SearchScope;
  readonly sources: readonly SearchSource[];
  readonly report: RetrievalReport | null;
  readonly steps: readonly SearchStep[];
  readonly unsupported: readonly UnsupportedClaim[];
  /** Questions that the same sources could answer next. */
  readonly followUps: readonly string[];
}

export interface SearchShare {
  readonly id: string;
  readonly conversationId: string;
  readonly ownerId: string;
  /** Principals who may open it: `person:<id>`, `group:<name>`, `everyone`. */
  readonly readers: readonly string[];
  readonly createdAt: number;
}

export interface StartedSearch {
  readonly conversation: Conversation;
  readonly user: ConversationMessage;
  readonly answer: ConversationMessage;
}

export interface SearchThread {
  readonly conversation: Conversation;
  readonly messages: readonly ConversationMessage[];
  readonly records: readonly SearchRecord[];
  readonly share: SearchShare | null;
}

/** A shared search as one reader sees it. Read-only; nothing comes from documents that this reader may not read. */
export interface SharedSearch {
  readonly share: SearchShare;
  readonly title: string;
  readonly by: string;
  readonly turns: readonly {
    readonly question: string;
    /** null when it rests on something that this reader may not read. */
    readonly answer: ConversationMessage | null;
    readonly record: SearchRecord | null;
  }[];
}

export interface SearchSuggestion {
  readonly text: string;
  readonly from: 'history' | 'document' | 'heading';
  /** Where it was found, such as a document's name. */
  readonly of: string | null;
}

export interface SearchSetting {
  /** Web source that the operator attached, by name; null for none. */
  readonly web: string | null;
  readonly embedder: string | null;
  /** Collections that the person may search. */
  readonly collections: readonly { readonly name: string; readonly documents: number }[];
}

export interface SearchStore {
  record(messageId: string): Promise<SearchRecord | null>;
  records(conversationId: string): Promise<readonly SearchRecord[]>;
  saveRecord(record: SearchRecord): Promise<void>;
  share(id: string): Promise<SearchShare | null>;
  shareOf(conversationId: string): Promise<SearchShare | null>;
  saveShare(share: SearchShare): Promise<void>;
  deleteShare(id: string): Promise<void>;
}

export interface SearchRoutes {
  'GET /api/search': { answer: SearchSetting };
  'POST /api/search': { body: AskSearch; answer: StartedSearch };
  'GET /api/search/suggestions': { query: { q: string }; answer: { readonly items: readonly SearchSuggestion[] } };
  'GET /api/search/threads/:id': { answer: SearchThread };
  /** Shares a search, or changes who may open it. */
  'PUT /api/search/threads/:id/share': { body: { readonly readers: readonly string[] }; answer: SearchShare };
  'DELETE /api/search/threads/:id/share': { answer: { readonly ok: true } };
  'GET /api/search/shared/:id': { answer: SharedSearch };
}
