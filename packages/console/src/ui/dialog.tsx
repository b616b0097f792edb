import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, useId, useState } from 'react';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { Button, IconButton } from './button.tsx';
import { TextField } from './field.tsx';

/** A dialog in the middle, or at `side` a sheet at the right edge. Escape and a click outside close it. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  wide = false,
  side = false,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
  readonly wide?: boolean;
  readonly side?: boolean;
}) {
  const say = useWords(common);
  const place = side
    ? 'inset-y-0 right-0 w-[min(420px,100vw)] rounded-l-card'
    : `top-1/2 left-1/2 max-h-[min(86dvh,860px)] -translate-x-1/2 -translate-y-1/2 rounded-card ${wide ? 'w-[min(760px,calc(100vw-24px))]' : 'w-[min(480px,calc(100vw-24px))]'}`;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[rgb(20_23_27/0.38)] transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          className={`fixed z-50 flex flex-col border border-line bg-card shadow-over transition-opacity duration-150 outline-none data-[ending-style]:opacity-0 data-[starting-style]:opacity-0 ${place}`}
        >
          <div className="flex items-start justify-between gap-4 px-5 pt-4 pb-2">
            <div>
              <Base.Title className="text-[16px] font-semibold">{title}</Base.Title>
              {description && <Base.Description className="mt-0.5 text-soft">{description}</Base.Description>}
            </div>
            <Base.Close render={<IconButton icon="close" label={say('close')} className="-mr-2" />} />
          </div>
          <div className="scrollbar-quiet min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
          {footer && <div className="flex justify-end gap-2 border-t border-hair px-5 py-3">{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Asks before what cannot be undone; the reader types the thing's name. */
export function ConfirmByName({
  open,
  onClose,
  title,
  consequence,
  name,
  action,
  onConfirm,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will be gone, in a sentence. */
  readonly consequence: string;
  readonly name: string;
  readonly action: string;
  readonly onConfirm: () => void;
}) {
  const say = useWords(common);
  const [typed, setTyped] = useState('');
  const formId = useId();
  const close = () => {
    setTyped('');
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      description={consequence}
      footer={
        <>
          <Button onClick={close}>{say('cancel')}</Button>
          <Button look="danger" type="submit" form={formId} disabled={typed !== name}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== name) return;
          onConfirm();
          close();
        }}
      >
        <TextField
          label={say('typeToConfirm', { name })}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
