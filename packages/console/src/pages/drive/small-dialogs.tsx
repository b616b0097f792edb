import { useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { driveWords } from './words.ts';

export function NewFolderDialog({
  onCreate,
  onClose,
}: {
  /** Resolves to whether it was made. */
  readonly onCreate: (name: string) => Promise<boolean>;
  readonly onClose: () => void;
}) {
  const say = useWords(driveWords);
  const sayCommon = useWords(common);
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const formId = useId();
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('newFolder')}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={busy} disabled={name.trim() === ''}>
            {say('create')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={async (event) => {
          event.preventDefault();
          setBusy(true);
          if (await onCreate(name.trim())) onClose();
          setBusy(false);
        }}
      >
        <TextField label={say('folderName')} value={name} onChange={(event) => setName(event.target.value)} />
      </form>
    </Dialog>
  );
}

/** How to mount the drive with the system's own file manager. */
export function ConnectNote({ onClose }: { readonly onClose: () => void }) {
  const say = useWords(driveWords);
  const address = `${location.origin}/dav/`;
  return (
    <Dialog open onClose={onClose} title={say('connect')}>
      <div className="grid gap-3">
        <p>{say('connectUnder')}</p>
        <div className="flex items-center gap-2 rounded-card border border-line bg-paper px-3 py-1">
          <code className="min-w-0 flex-1 font-mono text-small break-all">{address}</code>
          <CopyButton read={() => address} />
        </div>
        <p className="text-soft">{say('connectKey')}</p>
      </div>
    </Dialog>
  );
}
