import type { ConversationMessage } from '@myriad/contracts';
import { memo, useState } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icon.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { SiblingSwitch } from './sibling-switch.tsx';
import { chatWords } from './words.ts';

/** What the reader said; editing sends it again as a sibling, the old one stays. */
export const Question = memo(function Question({
  message,
  siblings,
  at,
  busy,
  onEdit,
  onSibling,
}: {
  readonly message: Pick<ConversationMessage, 'id' | 'parentId' | 'text' | 'attachments'>;
  readonly siblings: readonly string[];
  readonly at: number;
  readonly busy: boolean;
  readonly onEdit: ((message: Pick<ConversationMessage, 'id' | 'parentId'>, text: string) => void) | null;
  readonly onSibling: (id: string) => void;
}) {
  const say = useWords(chatWords);
  const sayCommon = useWords(common);
  const [text, setText] = useState<string | null>(null);
  if (text !== null && onEdit) {
    const send = () => {
      if (text.trim() === '') return;
      setText(null);
      onEdit(message, text.trim());
    };
    return (
      <div className="grid gap-2 rounded-[14px] border border-line bg-card p-3">
        <textarea
          aria-label={say('editMessage')}
          value={text}
          rows={Math.min(12, text.split('\n').length + 1)}
          // biome-ignore lint/a11y/noAutofocus: the reader has just chosen to edit
          autoFocus
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === 'Escape') {
              event.stopPropagation();
              setText(null);
            }
            if (event.key === 'Enter' && !event.shiftKey) {
              event.preventDefault();
              send();
            }
          }}
          className="w-full resize-none bg-transparent outline-none"
        />
        <div className="flex justify-end gap-2">
          <Button onClick={() => setText(null)}>{sayCommon('cancel')}</Button>
          <Button look="primary" onClick={send}>
            {say('sendEdited')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="group flex flex-col items-end gap-1">
      <h2 className="sr-only">{say('you')}</h2>
      {message.attachments.length > 0 && (
        <ul className="flex flex-wrap justify-end gap-1.5">
          {message.attachments.map((file) => (
            <li
              key={file.documentId}
              className="flex items-center gap-1.5 rounded-[8px] border border-line px-2 py-0.5 text-small text-soft"
            >
              <Icon name="file" size={13} />
              {file.name}
            </li>
          ))}
        </ul>
      )}
      <p className="max-w-[84%] rounded-[14px_14px_4px_14px] border border-line bg-card px-3.5 py-2 text-answer break-words whitespace-pre-wrap md:max-w-[78%]">
        {message.text}
      </p>
      <div className="-mr-2 -mb-8 flex items-center text-small text-soft opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 has-[span]:opacity-100 pointer-coarse:opacity-100">
        <SiblingSwitch siblings={siblings} at={at} onSibling={onSibling} />
        <CopyButton iconOnly read={() => message.text} />
        {onEdit && (
          <IconButton icon="edit" label={say('editMessage')} disabled={busy} onClick={() => setText(message.text)} />
        )}
      </div>
    </div>
  );
});
