import type { WenkuVersion } from '@myriad/contracts';
import { useState } from 'react';
import { useApi, useSend } from '../api/use-api.ts';
import { useFormat } from '../format/use-format.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { tell } from '../ui/toast.tsx';
import { useWords } from '../words/define-words.ts';
import { DiffBlocks } from './diff-blocks.tsx';
import { wenkuWords } from './words.ts';

/** Versions of a document: keep one under a name, see what changed since, go back. */
export function VersionsPanel({
  id,
  mayWrite,
  onClose,
  onRestored,
}: {
  readonly id: string;
  readonly mayWrite: boolean;
  readonly onClose: () => void;
  readonly onRestored: () => void;
}) {
  const say = useWords(wenkuWords);
  const format = useFormat();
  const [name, setName] = useState('');
  const [shown, setShown] = useState<WenkuVersion | null>(null);
  const list = useApi('GET /api/wenku/:id/versions', { params: { id } });
  const diff = useApi(
    'GET /api/wenku/:id/diff',
    { params: { id }, query: { from: String(shown?.number ?? 0) } },
    { enabled: shown !== null, staleTime: 0 },
  );
  const keep = useSend('POST /api/wenku/:id/versions', ['GET /api/wenku/:id/versions']);
  const restore = useSend('POST /api/wenku/:id/versions/:number/restore', ['GET /api/wenku/:id/versions']);
  return (
    <Dialog open side onClose={onClose} title={say('versions')}>
      <div className="grid gap-4">
        {mayWrite && (
          <form
            className="flex items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              keep.mutate({ params: { id }, body: { name } }, { onSuccess: () => setName('') });
            }}
          >
            <div className="flex-1">
              <TextField
                label={say('versionName')}
                required
                maxLength={200}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            </div>
            <Button type="submit" busy={keep.isPending}>
              {say('keepVersion')}
            </Button>
          </form>
        )}
        <ProblemNote error={list.error ?? keep.error ?? restore.error ?? diff.error} />
        {list.data?.items.length === 0 && <p className="text-soft">{say('noVersions')}</p>}
        <ul className="grid gap-2">
          {list.data?.items.map((version) => (
            <li key={version.number} className="rounded-control border border-line p-3">
              <p className="font-medium">{version.name ?? say('autoVersion')}</p>
              <p className="text-small text-soft">{format.time(version.createdAt)}</p>
              <div className="mt-2 flex flex-wrap gap-1.5">
                <Button
                  aria-expanded={shown?.number === version.number}
                  onClick={() => setShown(shown?.number === version.number ? null : version)}
                >
                  {say('showChanges')}
                </Button>
                {mayWrite && (
                  <Button
                    look="quiet"
                    onClick={() =>
                      restore.mutate(
                        { params: { id, number: String(version.number) } },
                        {
                          onSuccess: () => {
                            tell(say('restored'));
                            onRestored();
                          },
                        },
                      )
                    }
                  >
                    {say('restore')}
                  </Button>
                )}
              </div>
              {shown?.number === version.number && diff.data && (
                <div className="mt-3">
                  {diff.data.added + diff.data.removed + diff.data.changed === 0 ? (
                    <p className="text-soft">{say('compareSame')}</p>
                  ) : (
                    <DiffBlocks blocks={diff.data.blocks} onlyChanges />
                  )}
                </div>
              )}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
