import type { Conversation } from '@myriad/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { myriad } from '../api/client.ts';
import { refreshRoutes, usePages, useSend } from '../api/use-api.ts';
import { paletteKeys } from '../shell/rail.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { ProblemNote, sentenceOf } from '../ui/problem-note.tsx';
import { tell, tellWithUndo } from '../ui/toast.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { groupConversations } from './group-conversations.ts';
import { chatWords } from './words.ts';

/** The reader's conversations by time: search, rename, pin, delete with ten seconds to take it back. */
export function ConversationList({
  app,
  current,
  linkOf,
  onOpen,
  onDeletedCurrent,
}: {
  /** Name of the app whose conversations are listed; all of the reader's for null. */
  readonly app: string | null;
  readonly current: string | null;
  readonly linkOf: (id: string | null) => string;
  readonly onOpen?: () => void;
  readonly onDeletedCurrent: () => void;
}) {
  const say = useWords(chatWords);
  const sayCommon = useWords(common);
  const queries = useQueryClient();
  const [search, setSearch] = useState('');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const asked = useDeferredValue(search.trim());
  const list = usePages('GET /api/conversations', { query: { search: asked, ...(app ? { app } : {}) } });
  const shown = list.items.filter((conversation) => !hidden.has(conversation.id));

  const remove = (conversation: Conversation) => {
    setHidden((before) => new Set(before).add(conversation.id));
    if (conversation.id === current) onDeletedCurrent();
    const show = () =>
      setHidden((before) => {
        const after = new Set(before);
        after.delete(conversation.id);
        return after;
      });
    const commit = () => {
      myriad
        .call('DELETE /api/conversations/:id', { params: { id: conversation.id }, keepalive: true })
        .then(() => refreshRoutes(queries, ['GET /api/conversations']))
        .catch((error: unknown) => {
          show();
          tell(sentenceOf(error));
        });
    };
    tellWithUndo(say('deleted'), sayCommon('undo'), commit, show);
  };

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="grid gap-2 px-2.5 pt-4 pb-2">
        <Link
          to={linkOf(null)}
          onClick={onOpen}
          className="flex min-h-8 items-center justify-between rounded-[8px] border border-line bg-card px-2.5 hover:border-field"
        >
          {say('newConversation')} <kbd>{paletteKeys.startsWith('⌘') ? '⌘⇧O' : 'Ctrl ⇧ O'}</kbd>
        </Link>
        <input
          type="search"
          value={search}
          aria-label={say('searchConversations')}
          placeholder={say('searchConversations')}
          onChange={(event) => setSearch(event.target.value)}
          className="min-h-8 rounded-[8px] border border-transparent bg-transparent px-2.5 hover:border-line focus-visible:border-line"
        />
      </div>
      <div className="scrollbar-quiet min-h-0 flex-1 overflow-y-auto px-2.5 pb-4">
        {list.error && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && shown.length === 0 && (
          <p className="px-2 py-3 text-soft">
            {asked === '' ? say('noConversations') : sayCommon('nothingFound', { query: asked })}
          </p>
        )}
        {groupConversations(shown, Date.now()).map(([group, conversations]) => (
          <section key={group} aria-label={say(`group_${group}`)}>
            <h3 className="mx-2 mt-3 mb-1 text-tiny font-medium text-soft">{say(`group_${group}`)}</h3>
            <ul className="grid grid-cols-[minmax(0,1fr)] gap-px">
              {conversations.map((conversation) => (
                <Row
                  key={conversation.id}
                  conversation={conversation}
                  here={conversation.id === current}
                  link={linkOf(conversation.id)}
                  onOpen={onOpen}
                  onDelete={() => remove(conversation)}
                />
              ))}
            </ul>
          </section>
        ))}
        {list.hasNextPage && (
          <Button look="quiet" className="mt-2 w-full" onClick={() => void list.fetchNextPage()}>
            {sayCommon('loadMore')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Row({
  conversation,
  here,
  link,
  onOpen,
  onDelete,
}: {
  readonly conversation: Conversation;
  readonly here: boolean;
  readonly link: string;
  readonly onOpen: (() => void) | undefined;
  readonly onDelete: () => void;
}) {
  const say = useWords(chatWords);
  const sayCommon = useWords(common);
  const change = useSend('PATCH /api/conversations/:id', ['GET /api/conversations', 'GET /api/conversations/:id']);
  const [name, setName] = useState<string | null>(null);
  const params = { id: conversation.id };
  const title = conversation.title || say('untitled');
  const rename = () => {
    const next = name?.trim() ?? '';
    setName(null);
    if (next !== '' && next !== conversation.title) change.mutate({ params, body: { title: next } });
  };
  if (name !== null) {
    return (
      <li>
        <input
          aria-label={say('nameOf')}
          value={name}
          // biome-ignore lint/a11y/noAutofocus: the reader has just chosen to rename
          autoFocus
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
          onBlur={rename}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) rename();
            if (event.key === 'Escape') setName(null);
          }}
          className="min-h-8 w-full rounded-control border border-field bg-card px-2"
        />
      </li>
    );
  }
  return (
    <li
      className={`group flex items-center rounded-control ${here ? 'bg-card shadow-[0_0_0_1px_var(--line)]' : 'hover:bg-hair'}`}
    >
      <Link
        to={link}
        onClick={onOpen}
        aria-current={here ? 'page' : undefined}
        title={title}
        className={`min-w-0 flex-1 truncate rounded-control px-2 py-1.5 ${here ? 'text-ink' : 'text-soft group-hover:text-ink'}`}
      >
        {title}
      </Link>
      <Menu
        trigger={
          <IconButton
            icon="more"
            label={say('options', { title })}
            className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 data-[popup-open]:opacity-100 pointer-coarse:opacity-100"
          />
        }
        items={[
          { key: 'rename', label: say('rename'), onSelect: () => setName(conversation.title) },
          {
            key: 'pin',
            label: say(conversation.pinned ? 'unpin' : 'pin'),
            onSelect: () => change.mutate({ params, body: { pinned: !conversation.pinned } }),
          },
          null,
          { key: 'delete', label: sayCommon('delete'), danger: true, onSelect: onDelete },
        ]}
      />
    </li>
  );
}
