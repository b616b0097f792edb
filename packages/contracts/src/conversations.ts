/** Conversations of the console: a tree of messages, since editing and regenerating make siblings. */
import type { Citation } from './chat.ts';
import type { RunStatus } from './runs.ts';

export interface Conversation {
  readonly id: string;
  readonly ownerId: string;
  readonly appId: string;
  readonly title: string;
  /** Leaf message that the reader last looked at. */
  readonly activeLeaf: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly pinned: boolean;
}

export interface ConversationMessage {
  readonly id: string;
  readonly conversationId: string;
  /** null for a first message; siblings share a parent. */
  readonly parentId: string | null;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly reasoning: string | null;
  readonly citations: readonly Citation[];
  readonly attachments: readonly { readonly documentId: string; readonly name: string }[];
  readonly toolCalls: readonly {
    readonly name: string;
    readonly argumentsJson: string;
    readonly result: string | null;
    readonly ok: boolean;
  }[];
  readonly runId: string | null;
  readonly model: string | null;
  readonly status: 'streaming' | RunStatus;
  readonly errorCode: string | null;
  readonly errorText: string | null;
  readonly costMicros: number | null;
  readonly currency: string | null;
  readonly tookMs: number | null;
  readonly feedback: {
    readonly rating: 'up' | 'down' | null;
    readonly comment: string | null;
    readonly correction?: string | null;
  } | null;
  readonly createdAt: number;
}
