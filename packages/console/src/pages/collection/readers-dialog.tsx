import type { Collection } from '@myriad/contracts';
import { useId, useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { parsePrincipals } from '../../knowledge/parse-principals.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { knowledgeWords } from '../knowledge/words.ts';

export function ReadersDialog({
  collection,
  onClose,
}: {
  readonly collection: Collection;
  readonly onClose: () => void;
}) {
  const say = useWords(knowledgeWords);
  const sayCommon = useWords(common);
  const formId = useId();
  const [readers, setReaders] = useState(collection.readers.join(', '));
  const change = useSend('PATCH /api/collections/:id', ['GET /api/collections']);
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('readers')}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={change.isPending}>
            {sayCommon('save')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { params: { id: collection.id }, body: { readers: parsePrincipals(readers) } },
            { onSuccess: onClose },
          );
        }}
      >
        <TextField
          label={say('readers')}
          hint={say('readersHint')}
          value={readers}
          onChange={(event) => setReaders(event.target.value)}
        />
        <ProblemNote error={change.error} />
      </form>
    </Dialog>
  );
}
