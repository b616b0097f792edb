/** What people say of an answer: a rating, a comment, the answer that would have been right. */
import type { ConversationMessage } from './conversations.ts';

export interface GiveFeedback {
  readonly rating: 'up' | 'down' | null;
  /** 6 to 500 characters. */
  readonly comment?: string;
  /** The text that the answer should have been. */
  readonly correction?: string;
}

/** One person's (or key's) word on one answer; given again, it replaces what was there. */
export interface FeedbackRecord {
  /** The answer's run, else its message; with who spoke. */
  readonly id: string;
  readonly tenant: string;
  readonly appId: string;
  readonly runId: string | null;
  readonly messageId: string | null;
  readonly actor: string;
  readonly rating: 'up' | 'down' | null;
  readonly comment: string | null;
  readonly correction: string | null;
  /** What was asked, where it is known: runs keep no prompts, so by run id the caller may send it. */
  readonly question: string | null;
  readonly createdAt: number;
}

/** As the keepers of an app read it: names and numbers in the texts are masked, and it does not say who spoke. */
export interface FeedbackRow {
  readonly id: string;
  readonly runId: string | null;
  readonly rating: 'up' | 'down' | null;
  readonly comment: string | null;
  readonly correction: string | null;
  readonly question: string | null;
  readonly createdAt: number;
}

export interface FeedbackAnswer {
  readonly up: number;
  readonly down: number;
  readonly corrections: number;
  /** Newest first, at most 200. */
  readonly items: readonly FeedbackRow[];
}

export interface FeedbackStore {
  /** One that says nothing any more is forgotten. */
  save(record: FeedbackRecord): Promise<void>;
  ofApp(query: { readonly tenant: string; readonly appId: string; readonly limit: number }): Promise<{
    readonly up: number;
    readonly down: number;
    readonly corrections: number;
    readonly items: readonly FeedbackRecord[];
  }>;
}

/** Feedback's part of `ApiRoutes`. */
export interface FeedbackRoutes {
  'POST /api/messages/:id/feedback': { body: GiveFeedback; answer: ConversationMessage };
  /** For other surfaces: of a run that the caller made, with the question when it may be shown to the app's keepers. */
  'POST /api/runs/:id/feedback': {
    body: GiveFeedback & { readonly question?: string };
    answer: { readonly ok: true };
  };
  'GET /api/apps/:app/feedback': { answer: FeedbackAnswer };
}
