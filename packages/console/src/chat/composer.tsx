import type { KnowledgeDocument } from '@myriad/contracts';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useFormat } from '../format/use-format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import type { FileInHand } from './use-files.ts';
import { chatWords } from './words.ts';

/** The box at the bottom: text, files, send, stop. What is typed is kept for the visit, per conversation. */
export function Composer({
  draftKey,
  placeholder,
  files,
  streaming,
  disabled,
  onSend,
  onStop,
  onPick,
  onRemoveFile,
  onRetryFile,
}: {
  readonly draftKey: string;
  readonly placeholder: string;
  readonly files: readonly FileInHand[];
  readonly streaming: boolean;
  readonly disabled: boolean;
  /** Resolves to whether the text was taken; a text that was not stays in the box. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onStop: () => void;
  readonly onPick: (files: readonly File[]) => void;
  readonly onRemoveFile: (file: FileInHand) => void;
  readonly onRetryFile: (document: KnowledgeDocument) => void;
}) {
  const say = useWords(chatWords);
  const [text, setText] = useDraft(draftKey);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: grows with its text
  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 260)}px`;
  }, [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new conversation begins at its box
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) area.current?.focus();
  }, [draftKey]);

  const send = async () => {
    const wanted = text.trim();
    if (wanted === '' || disabled || streaming) return;
    setText('');
    if (!(await onSend(wanted))) setText(wanted);
  };

  return (
    <form
      className="w-full max-w-[720px] rounded-[14px] border border-line bg-card px-3.5 pt-3 pb-2 shadow-box focus-within:border-field"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {files.length > 0 && (
        <ul className="mb-2 flex flex-wrap gap-1.5">
          {files.map((file) => (
            <FileChip key={file.key} file={file} onRemove={() => onRemoveFile(file)} onRetry={onRetryFile} />
          ))}
        </ul>
      )}
      <textarea
        ref={area}
        rows={1}
        value={text}
        aria-label={placeholder}
        placeholder={placeholder}
        aria-describedby="composer-keys"
        onChange={(event) => setText(event.target.value)}
        onPaste={(event) => {
          const pasted = [...event.clipboardData.files];
          if (pasted.length === 0) return;
          event.preventDefault();
          onPick(pasted);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void send();
        }}
        className="scrollbar-quiet block max-h-[260px] w-full resize-none bg-transparent text-answer outline-none"
      />
      <span id="composer-keys" className="sr-only">
        {say('enterSends')}
      </span>
      <div className="mt-1.5 flex items-center gap-2 text-small text-soft">
        <IconButton icon="plus" label={say('attach')} className="-ml-2" onClick={() => picker.current?.click()} />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          tabIndex={-1}
          onChange={(event) => {
            onPick([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        <span className="ml-auto">{streaming && <span className="hidden sm:inline">{say('escStops')}</span>}</span>
        {streaming ? (
          <Button look="primary" onClick={onStop}>
            {say('stop')}
          </Button>
        ) : (
          <Button look="primary" type="submit" disabled={disabled || text.trim() === ''}>
            {say('send')}
          </Button>
        )}
      </div>
    </form>
  );
}

function FileChip({
  file,
  onRemove,
  onRetry,
}: {
  readonly file: FileInHand;
  readonly onRemove: () => void;
  readonly onRetry: (document: KnowledgeDocument) => void;
}) {
  const say = useWords(chatWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const { document: kept } = file;
  const failed = file.failure !== null || kept?.status === 'failed';
  let state: ReactNode;
  if (file.failure !== null) state = file.failure;
  else if (!kept) state = say('uploading', { percent: format.percent(file.ratio) });
  else if (kept.status === 'queued') state = say('waitingFile');
  else if (kept.status === 'parsing') state = say('readingFile');
  else if (kept.status === 'failed') state = say('failedFile', { reason: kept.reason ?? '' });
  else if (kept.reason) state = kept.reason;
  else if (kept.pages !== null) state = sayCommon('pages', { count: kept.pages });
  else state = sayCommon('passages', { count: kept.passages });
  return (
    <li
      className={`relative flex max-w-full items-center gap-2 overflow-hidden rounded-[8px] border py-0.5 pr-0.5 pl-2 text-small ${failed ? 'border-decide text-bad' : 'border-line text-soft'}`}
    >
      <Icon name="file" size={13} />
      <span className="min-w-0 truncate text-ink">{file.name}</span>
      <span role="status" className="min-w-0 truncate" title={typeof state === 'string' ? state : undefined}>
        {state}
      </span>
      {kept?.status === 'failed' && (
        <button type="button" className="min-h-7 px-1 underline" onClick={() => onRetry(kept)}>
          {say('retryFile')}
        </button>
      )}
      <button
        type="button"
        aria-label={say('removeFile', { name: file.name })}
        className="grid size-7 place-items-center rounded-[6px] hover:bg-hair"
        onClick={onRemove}
      >
        <Icon name="close" size={12} />
      </button>
      {!kept && file.failure === null && (
        <span
          aria-hidden="true"
          className="absolute inset-x-0 bottom-0 h-0.5 origin-left bg-data"
          style={{ transform: `scaleX(${file.ratio})` }}
        />
      )}
    </li>
  );
}

/** Takes what was typed before a conversation had its id along to it. */
export function moveDraft(from: string, to: string): void {
  try {
    const text = sessionStorage.getItem(`draft.${from}`);
    sessionStorage.removeItem(`draft.${from}`);
    if (text) sessionStorage.setItem(`draft.${to}`, text);
  } catch {
    // Storage may be closed; the text is then lost, as it would be at a reload.
  }
}

function useDraft(key: string): [string, (text: string) => void] {
  const [draft, setDraft] = useState({ key, text: readDraft(key) });
  // A text given back after a refusal belongs to the conversation that is open by then.
  const current = useRef(key);
  current.current = key;
  if (draft.key !== key) setDraft({ key, text: readDraft(key) });
  return [
    draft.key === key ? draft.text : readDraft(key),
    (text) => {
      setDraft({ key: current.current, text });
      try {
        if (text === '') sessionStorage.removeItem(`draft.${current.current}`);
        else sessionStorage.setItem(`draft.${current.current}`, text);
      } catch {
        // Storage may be closed or full; the draft then lasts until the page is left.
      }
    },
  ];
}

function readDraft(key: string): string {
  try {
    return sessionStorage.getItem(`draft.${key}`) ?? '';
  } catch {
    return '';
  }
}
