import type { ConversationDetail, ConversationMessage, SendMessageRequest } from '@myriad/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { myriad } from '../api/client.ts';
import { keyOf, refreshRoutes, useApi } from '../api/use-api.ts';
import { leafUnder, pathTo } from './message-tree.ts';
import { useLiveAnswer } from './use-live-answer.ts';

const settleMs = 900;

export interface PendingQuestion {
  readonly text: string;
  readonly parentId: string | null;
}

/**
 * One conversation: its messages on the way to the chosen leaf, the answer that streams, and what can be done. A new one
 * is made on the server at the first message or file.
 *
 * @param onMade Called with the id of a conversation that was just made.
 */
export function useConversation(app: string, id: string | null, onMade: (id: string) => void) {
  const queries = useQueryClient();
  const detail = useApi('GET /api/conversations/:id', { params: { id: id ?? '' } }, { enabled: id !== null });
  const [chosen, setChosen] = useState<{
    readonly of: string;
    readonly leaf: string | null;
    readonly branch: boolean;
  } | null>(null);
  const [pending, setPending] = useState<PendingQuestion | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const making = useRef<Promise<string> | null>(null);

  const messages = detail.data?.messages ?? [];
  const own = chosen !== null && chosen.of === id ? chosen : null;
  const leaf = own ? own.leaf : (detail.data?.conversation.activeLeaf ?? null);
  const path = useMemo(() => pathTo(messages, leaf), [messages, leaf]);
  const streaming = path.findLast(({ message }) => message.status === 'streaming')?.message ?? null;

  const live = useLiveAnswer(streaming?.id ?? null, async (ended) => {
    const refresh = () => refreshRoutes(queries, ['GET /api/conversations/:id', 'GET /api/conversations']);
    await refresh();
    // The stream may end a moment before the answer is kept; then it is asked for once more.
    const kept =
      id === null
        ? null
        : queries.getQueryData<ConversationDetail>(keyOf('GET /api/conversations/:id', { params: { id } }));
    if (kept?.messages.some((message) => message.id === ended && message.status === 'streaming'))
      setTimeout(refresh, settleMs);
  });
  const running = streaming !== null && !live?.answer.run && !live?.answer.problem;

  const patchDetail = useCallback(
    (conversation: string, change: (detail: ConversationDetail) => ConversationDetail) => {
      queries.setQueryData<ConversationDetail>(
        keyOf('GET /api/conversations/:id', { params: { id: conversation } }),
        (before) => before && change(before),
      );
    },
    [queries],
  );

  /** Id of this conversation; makes it if it is new. */
  const ensure = useCallback(async (): Promise<string> => {
    if (id !== null) return id;
    making.current ??= myriad.call('POST /api/conversations', { body: { app } }).then((made) => {
      queries.setQueryData(keyOf('GET /api/conversations/:id', { params: { id: made.conversation.id } }), made);
      onMade(made.conversation.id);
      return made.conversation.id;
    });
    try {
      return await making.current;
    } finally {
      making.current = null;
    }
  }, [app, id, onMade, queries]);

  const post = useCallback(
    async (body: SendMessageRequest): Promise<boolean> => {
      setFailure(null);
      if (body.text !== undefined) setPending({ text: body.text, parentId: body.parentId });
      try {
        const conversation = await ensure();
        const sent = await myriad.call('POST /api/conversations/:id/messages', { params: { id: conversation }, body });
        const added = [sent.user, sent.answer].filter((message): message is ConversationMessage => message !== null);
        patchDetail(conversation, (before) => ({
          ...before,
          messages: [
            ...before.messages.filter(({ id: each }) => !added.some((message) => message.id === each)),
            ...added,
          ],
        }));
        setChosen({ of: conversation, leaf: sent.answer.id, branch: false });
        void refreshRoutes(queries, ['GET /api/conversations']);
        return true;
      } catch (error) {
        setFailure(error);
        return false;
      } finally {
        setPending(null);
      }
    },
    [ensure, patchDetail, queries],
  );

  const keepLeaf = (next: string | null, branch: boolean) => {
    if (id === null) return;
    setChosen({ of: id, leaf: next, branch });
    if (next !== null && !branch) {
      void myriad.call('PATCH /api/conversations/:id', { params: { id }, body: { activeLeaf: next } }).catch(() => {});
    }
  };

  return {
    detail,
    path,
    streaming,
    /** Whether the answer is still being written. */
    running,
    live,
    pending,
    failure,
    branched: own?.branch ?? false,
    ensure,
    send: (text: string, attachments: readonly string[]) =>
      post({ parentId: path.at(-1)?.message.id ?? null, text, ...(attachments.length > 0 ? { attachments } : {}) }),
    edit: (message: Pick<ConversationMessage, 'parentId'>, text: string) =>
      void post({ parentId: message.parentId, text }),
    regenerate: (message: ConversationMessage) => void post({ parentId: message.parentId }),
    branch: (message: ConversationMessage) => keepLeaf(message.id, true),
    toSibling: (sibling: string) => keepLeaf(leafUnder(messages, sibling), false),
    toNewest: () => keepLeaf(leafUnder(messages, null), false),
    stop: () => {
      if (!streaming) return;
      void myriad.call('POST /api/messages/:id/stop', { params: { id: streaming.id } }).catch(setFailure);
    },
  };
}
