/**
 * Conversations that go on: an answer runs in the background, is followed by any number of pages, survives their
 * reloading, can be stopped, and is saved as it grows.
 */
import {
  type AppEvent,
  type AppRecord,
  type Approval,
  type Apps,
  asMyriadError,
  type Caller,
  type Clock,
  type Conversation,
  type ConversationMessage,
  MyriadError,
  newId,
  type Random,
  type RunRecord,
  type RunSearch,
  type SendMessageRequest,
  type SentMessage,
  type Store,
} from '@myriad/contracts';
import { toProblem } from '../http/problem.ts';
import type { Log } from '../log.ts';
import { createAnswerDraft } from './answer-draft.ts';
import { pathTo, titleOf, toChatMessages } from './chat-history.ts';
import { createEventLog, type EventLog, type NumberedEvent } from './event-log.ts';

export interface ChatDesk {
  send(wanted: {
    readonly conversation: Conversation;
    readonly app: AppRecord;
    readonly caller: Caller;
    readonly request: Omit<SendMessageRequest, 'attachments'>;
    readonly attachments: ConversationMessage['attachments'];
    readonly collectionIds: readonly string[];
    readonly documentIds?: readonly string[];
    readonly language: 'en' | 'zh';
    /** The person's wish about searching. */
    readonly search?: RunSearch;
    /** Told of each event before readers are. */
    readonly watch?: (event: AppEvent) => void;
    /** Keeps what was watched; the end of the answer is told only after it. */
    readonly keep?: (answer: ConversationMessage) => Promise<void>;
  }): Promise<SentMessage>;
  /** Events of an answer after a sequence number; of one that ended long ago, its stored form as a few events. */
  follow(message: ConversationMessage, after: number, signal: AbortSignal): AsyncGenerator<NumberedEvent>;
  /** Stops a running answer; what came so far stays. */
  stop(messageId: string): void;
  /** A message as readers should see it: an answer whose process died reads `lost`, not `streaming`. */
  present(message: ConversationMessage): ConversationMessage;
  approvals(): readonly Approval[];
  decide(approvalId: string, decision: 'approved' | 'denied'): Approval;
  /** Stops every answer and waits until each is saved. */
  close(): Promise<void>;
}

interface LiveAnswer {
  readonly log: EventLog;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

interface PendingApproval {
  approval: Approval;
  readonly resolve: (approved: boolean) => void;
}

/** How long the events of a finished answer stay for readers that reconnect. */
const keepEndedMs = 60_000;
const saveEveryMs = 1_000;

export function createChatDesk(deps: {
  readonly store: Pick<Store, 'conversations' | 'ledger'>;
  readonly apps: Pick<Apps, 'run'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}): ChatDesk {
  const { store, apps, clock, random, log } = deps;
  const live = new Map<string, LiveAnswer>();
  const pending = new Map<string, PendingApproval>();

  /** Puts a tool call before a person; the run has told the page of it already, under the same id. */
  const ask =
    (answer: { readonly app: AppRecord; readonly caller: Caller; readonly signal: AbortSignal }) =>
    (request: { approvalId: string; runId: string; tool: string; argumentsJson: string }) =>
      new Promise<boolean>((resolve) => {
        const { approvalId, ...asked } = request;
        const approval: Approval = {
          ...asked,
          id: approvalId,
          appId: answer.app.id,
          personId: answer.caller.personId,
          createdAt: clock.now(),
          decidedAt: null,
          decision: null,
        };
        pending.set(approval.id, { approval, resolve });
        answer.signal.addEventListener(
          'abort',
          () => {
            pending.delete(approval.id);
            resolve(false);
          },
          { once: true },
        );
      });

  async function answer(
    wanted: Parameters<ChatDesk['send']>[0],
    first: ConversationMessage,
    history: readonly ConversationMessage[],
    events: EventLog,
    abort: AbortController,
  ): Promise<void> {
    const draft = createAnswerDraft(first, clock);
    let saving = Promise.resolve();
    const save = () => {
      const snapshot = draft.message();
      saving = saving
        .then(() => store.conversations.saveMessage(snapshot))
        .catch((error) => log('error', 'answer_not_saved', { message: first.id, code: asMyriadError(error).code }));
      return saving;
    };
    let savedAt = clock.monotonicMs();
    const stream = apps.run({
      app: wanted.app,
      caller: wanted.caller,
      surface: 'page',
      messages: toChatMessages(history),
      unit: wanted.caller.personId ?? wanted.caller.actorId,
      conversationId: wanted.conversation.id,
      collectionIds: wanted.collectionIds,
      ...(wanted.documentIds ? { documentIds: wanted.documentIds } : {}),
      language: wanted.language,
      ...(wanted.search ? { search: wanted.search } : {}),
      priority: 'interactive',
      stream: true,
      signal: abort.signal,
      approve: ask({ app: wanted.app, caller: wanted.caller, signal: abort.signal }),
    });
    try {
      let last: AppEvent | null = null;
      for await (const event of stream) {
        draft.add(event);
        wanted.watch?.(event);
        // The end is told only after it is saved: a page that reloads at `done` must find the whole answer.
        if (event.type === 'done' || event.type === 'error') {
          last = event;
          continue;
        }
        events.append(event);
        if (clock.monotonicMs() - savedAt > saveEveryMs) {
          savedAt = clock.monotonicMs();
          void save();
        }
      }
      await save();
      await wanted.keep?.(draft.message());
      if (last) events.append(last);
    } catch (error) {
      log('error', 'answer_failed', { message: first.id, error: String(error) });
      const failure: AppEvent = { type: 'error', problem: toProblem(error, first.runId ?? first.id) };
      draft.add(failure);
      await save();
      events.append(failure);
    } finally {
      events.end();
      clock.after(keepEndedMs, () => live.delete(first.id));
    }
  }

  return {
    async send(wanted) {
      const { conversation, request } = wanted;
      const messages = await store.conversations.messages(conversation.id);
      const parent = request.parentId === null ? null : messages.find((message) => message.id === request.parentId);
      if (parent === undefined)
        throw new MyriadError('not_found', 'The message to answer to is not in this conversation.');
      const now = clock.now();
      const user =
        request.text === undefined
          ? null
          : blankMessage({
              id: newId('msg', clock, random),
              conversationId: conversation.id,
              parentId: request.parentId,
              role: 'user',
              text: request.text,
              now,
              attachments: wanted.attachments,
            });
      if (!user && parent?.role !== 'user')
        throw new MyriadError(
          'invalid_request',
          'An answer can only be made anew under a question: `parentId` must name a message of the user.',
        );
      if (user && parent?.role === 'user')
        throw new MyriadError(
          'invalid_request',
          'A question follows an answer or begins the conversation: `parentId` must name an answer or be null.',
        );
      const question = user ?? (parent as ConversationMessage);
      const first = blankMessage({
        id: newId('msg', clock, random),
        conversationId: conversation.id,
        parentId: question.id,
        role: 'assistant',
        text: '',
        now: now + 1,
        attachments: [],
      });
      if (user) await store.conversations.saveMessage(user);
      await store.conversations.saveMessage(first);
      await store.conversations.save({
        ...conversation,
        activeLeaf: first.id,
        updatedAt: now,
        title: conversation.title === '' && user ? titleOf(user.text) : conversation.title,
      });
      const events = createEventLog();
      const abort = new AbortController();
      const history = pathTo(user ? [...messages, user] : messages, question.id);
      live.set(first.id, { log: events, abort, done: answer(wanted, first, history, events, abort) });
      return { user, answer: first };
    },

    async *follow(message, after, signal) {
      const running = live.get(message.id);
      if (running) {
        yield* running.log.follow(after, signal);
        return;
      }
      let sequence = after;
      const ended = this.present((await store.conversations.message(message.id)) ?? message);
      const run = ended.runId ? await store.ledger.run(ended.runId) : null;
      for (const event of storedEvents(ended, run)) yield { sequence: ++sequence, event };
    },

    stop(messageId) {
      live.get(messageId)?.abort.abort();
    },

    present(message) {
      if (message.status !== 'streaming' || live.has(message.id)) return message;
      return {
        ...message,
        status: 'lost',
        errorCode: 'shutting_down',
        errorText: 'The node stopped while this was being written.',
      };
    },

    approvals: () => [...pending.values()].map(({ approval }) => approval),

    decide(approvalId, decision) {
      const entry = pending.get(approvalId);
      if (!entry) throw new MyriadError('not_found', 'There is no such approval, or it was decided already.');
      pending.delete(approvalId);
      const approval: Approval = { ...entry.approval, decision, decidedAt: clock.now() };
      entry.resolve(decision === 'approved');
      return approval;
    },

    async close() {
      for (const { abort } of live.values()) abort.abort();
      await Promise.all([...live.values()].map(({ done }) => done));
    },
  };
}

function blankMessage(wanted: {
  id: string;
  conversationId: string;
  parentId: string | null;
  role: 'user' | 'assistant';
  text: string;
  now: number;
  attachments: ConversationMessage['attachments'];
}): ConversationMessage {
  return {
    id: wanted.id,
    conversationId: wanted.conversationId,
    parentId: wanted.parentId,
    role: wanted.role,
    text: wanted.text,
    reasoning: null,
    citations: [],
    attachments: wanted.attachments,
    toolCalls: [],
    runId: null,
    model: null,
    status: wanted.role === 'user' ? 'ok' : 'streaming',
    errorCode: null,
    errorText: null,
    costMicros: null,
    currency: null,
    tookMs: null,
    feedback: null,
    createdAt: wanted.now,
  };
}

/** What a reader who comes late is told of an answer that ended: its text and citations at once. */
function* storedEvents(message: ConversationMessage, run: RunRecord | null): Generator<AppEvent> {
  yield { type: 'restart' };
  if (message.reasoning) yield { type: 'reasoning', text: message.reasoning };
  if (message.text) yield { type: 'text', text: message.text };
  for (const citation of message.citations) yield { type: 'citation', citation };
  if (message.status === 'lost')
    yield { type: 'error', problem: toProblem(new MyriadError('shutting_down', message.errorText ?? ''), message.id) };
  else if (run) yield { type: 'done', run, finish: message.status === 'ok' ? 'stop' : 'error' };
}
