import type { SearchShare } from '@myriad/contracts';
import { useId, useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { parsePrincipals } from '../../knowledge/parse-principals.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/define-words.ts';
import { searchWords } from './words.ts';

/** Shares a search with colleagues, read-only, and takes it back. */
export function ShareDialog({
  thread,
  share,
  onClose,
}: {
  readonly thread: string;
  readonly share: SearchShare | null;
  readonly onClose: () => void;
}) {
  const say = useWords(searchWords);
  const formId = useId();
  const [readers, setReaders] = useState(share?.readers.join(', ') ?? 'everyone');
  const save = useSend('PUT /api/search/threads/:id/share', ['GET /api/search/threads/:id']);
  const stop = useSend('DELETE /api/search/threads/:id/share', ['GET /api/search/threads/:id']);
  const current = share ?? save.data ?? null;
  const link = current ? `${location.origin}/search/shared/${current.id}` : '';
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('shareTitle')}
      description={say('shareUnder')}
      footer={
        <>
          {share && (
            <Button
              busy={stop.isPending}
              onClick={() => stop.mutate({ params: { id: thread } }, { onSuccess: onClose })}
            >
              {say('shareStop')}
            </Button>
          )}
          <Button look="primary" type="submit" form={formId} busy={save.isPending}>
            {say('shareSave')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ params: { id: thread }, body: { readers: parsePrincipals(readers) } });
        }}
      >
        <TextField
          label={say('readers')}
          hint={say('readersHint')}
          value={readers}
          onChange={(event) => setReaders(event.target.value)}
        />
        <ProblemNote error={save.error ?? stop.error} />
        {current && (
          <div className="flex items-end gap-2">
            <div className="min-w-0 flex-1">
              <TextField label={say('shareLink')} value={link} readOnly />
            </div>
            <CopyButton label={say('copyLink')} read={() => link} />
          </div>
        )}
      </form>
    </Dialog>
  );
}
