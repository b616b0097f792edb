import type { WenkuDocument } from '@myriad/contracts';
import { useId, useState } from 'react';
import { parsePrincipals } from '../knowledge/parse-principals.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { wenkuWords } from './words.ts';

/** Who finds the document in the library, and who may change it. */
export function ShareDialog({
  document,
  onSave,
  onClose,
}: {
  readonly document: WenkuDocument;
  readonly onSave: (access: {
    readonly readers: readonly string[];
    readonly editors: readonly string[];
  }) => Promise<void>;
  readonly onClose: () => void;
}) {
  const say = useWords(wenkuWords);
  const sayCommon = useWords(common);
  const formId = useId();
  const [readers, setReaders] = useState(document.readers.join(', '));
  const [editors, setEditors] = useState(document.editors.join(', '));
  const [error, setError] = useState<unknown>(null);
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('share')}
      description={say('shareUnder')}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId}>
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
          onSave({ readers: parsePrincipals(readers), editors: parsePrincipals(editors) }).then(onClose, setError);
        }}
      >
        <TextField
          label={say('readers')}
          hint={say('principalsHint')}
          value={readers}
          onChange={(event) => setReaders(event.target.value)}
        />
        <TextField
          label={say('editors')}
          hint={say('principalsHint')}
          value={editors}
          onChange={(event) => setEditors(event.target.value)}
        />
        <ProblemNote error={error} />
      </form>
    </Dialog>
  );
}
