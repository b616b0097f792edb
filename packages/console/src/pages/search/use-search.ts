import type { AskSearch, SearchThread } from '@myriad/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { myriad } from '../../api/client.ts';
import { keyOf, refreshRoutes, useApi } from '../../api/use-api.ts';
import { pathTo } from '../../chat/message-tree.ts';
import { useLiveAnswer } from '../../chat/use-live-answer.ts';

/** One search with its turns: asks, follows the answer through reloads, stops. */
export function useSearch(thread: string | null, onMade: (id: string) => void) {
  const queries = useQueryClient();
  const detail = useApi('GET /api/search/threads/:id', { params: { id: thread ?? '' } }, { enabled: thread !== null });
  const [asking, setAsking] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const turns = useMemo(() => turnsOf(detail.data), [detail.data]);
  const streaming = turns.findLast(({ message }) => message.status === 'streaming')?.message ?? null;
  const live = useLiveAnswer(streaming?.id ?? null, () =>
    refreshRoutes(queries, ['GET /api/search/threads/:id', 'GET /api/conversations']),
  );

  const ask = async (request: AskSearch) => {
    setAsking(request.question);
    setFailure(null);
    try {
      const started = await myriad.call('POST /api/search', { body: { ...request, conversationId: thread } });
      const { conversation, user, answer } = started;
      queries.setQueryData<SearchThread>(
        keyOf('GET /api/search/threads/:id', { params: { id: conversation.id } }),
        (before) => ({
          conversation,
          messages: [...(before?.messages ?? []), user, answer],
          records: before?.records ?? [],
          share: before?.share ?? null,
        }),
      );
      void refreshRoutes(queries, ['GET /api/conversations']);
      if (thread === null) onMade(conversation.id);
    } catch (error) {
      setFailure(error);
    } finally {
      setAsking(null);
    }
  };

  return {
    detail,
    turns,
    live,
    streaming,
    running: asking !== null || (streaming !== null && !live?.answer.run && !live?.answer.problem),
    asking,
    failure,
    ask,
    stop: () => {
      if (!streaming) return;
      void myriad.call('POST /api/messages/:id/stop', { params: { id: streaming.id } }).catch(setFailure);
    },
  };
}

/** Questions with their answers on the way to the newest one. */
function turnsOf(thread: SearchThread | undefined) {
  if (!thread) return [];
  let question = '';
  return pathTo(thread.messages, thread.conversation.activeLeaf).flatMap(({ message }) => {
    if (message.role === 'user') {
      question = message.text;
      return [];
    }
    const record = thread.records.find(({ messageId }) => messageId === message.id) ?? null;
    return [{ question, message, record }];
  });
}
