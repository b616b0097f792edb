import { useState } from 'react';
import { useApi, usePages } from '../api/use-api.ts';
import { driveWords } from '../pages/drive/words.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { Waiting } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';

/** Where to move or copy: walks through folders of one's own drive and of the organisation's. */
export function FolderPicker({
  start,
  action,
  onPick,
  onClose,
}: {
  readonly start: string;
  readonly action: 'move' | 'copy';
  readonly onPick: (folderId: string) => void;
  readonly onClose: () => void;
}) {
  const say = useWords(driveWords);
  const sayCommon = useWords(common);
  const [at, setAt] = useState(start);
  const drives = useApi('GET /api/drive', {}, { staleTime: 30_000 });
  const list = usePages('GET /api/drive/folders/:id', { params: { id: at }, query: { kind: 'folder' } });
  const [first] = (list.data?.pages ?? []) as {
    path: readonly { id: string; name: string }[];
    folder: { may: readonly string[] };
  }[];
  const path = first?.path ?? [];
  const above = path.at(-2);
  const roots = [drives.data?.own, drives.data?.house].filter((drive) => drive !== undefined && drive !== null);
  const title = path.at(-1)?.name || roots.find(({ rootId }) => rootId === at)?.title || '';
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('pickFolder')}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" disabled={!first?.folder.may.includes('write')} onClick={() => onPick(at)}>
            {say(action === 'move' ? 'moveHere' : 'copyHere')}
          </Button>
        </>
      }
    >
      <div className="mb-2 flex flex-wrap gap-2">
        {roots.map((drive) => (
          <Button
            key={drive.id}
            look={drive.rootId === path[0]?.id ? 'plain' : 'quiet'}
            onClick={() => setAt(drive.rootId)}
          >
            {say(drive.kind === 'house' ? 'house' : 'own')}
          </Button>
        ))}
      </div>
      <div className="flex items-center gap-1 border-b border-hair pb-1">
        <IconButton icon="left" label={say('up')} disabled={!above} onClick={() => above && setAt(above.id)} />
        <p className="min-w-0 flex-1 truncate font-medium">{title}</p>
      </div>
      <ProblemNote error={list.error} />
      {list.isPending && <Waiting label={sayCommon('loading')} />}
      <ul className="grid min-h-40 content-start">
        {list.items.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => setAt(id)}
              className="flex min-h-9 w-full items-center gap-2 rounded-control px-2 text-left hover:bg-hair"
            >
              <span className="text-data">
                <Icon name="folder" />
              </span>
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <Icon name="right" />
            </button>
          </li>
        ))}
        {list.isSuccess && list.items.length === 0 && (
          <li className="py-6 text-center text-soft">{say('noFolders')}</li>
        )}
      </ul>
      {list.hasNextPage && (
        <Button look="quiet" onClick={() => void list.fetchNextPage()}>
          {sayCommon('loadMore')}
        </Button>
      )}
    </Dialog>
  );
}
