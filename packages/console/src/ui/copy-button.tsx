import { useState } from 'react';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { Icon } from './icon.tsx';

/** Copies text and says so. `read` is called at the click, so nothing large is kept. */
export function CopyButton({
  read,
  label,
  iconOnly = false,
}: {
  readonly read: () => string;
  readonly label?: string;
  readonly iconOnly?: boolean;
}) {
  const say = useWords(common);
  const [copied, setCopied] = useState(false);
  const name = copied ? say('copied') : (label ?? say('copy'));
  return (
    <button
      type="button"
      title={name}
      aria-label={iconOnly ? name : undefined}
      onClick={async () => {
        await copyText(read());
        setCopied(true);
        setTimeout(() => setCopied(false), 1_600);
      }}
      className={`inline-flex min-h-8 items-center gap-1.5 rounded-control px-2 text-soft hover:bg-hair hover:text-ink ${iconOnly ? 'size-8 justify-center px-0' : ''}`}
    >
      <Icon name={copied ? 'check' : 'copy'} />
      {!iconOnly && <span aria-live="polite">{name}</span>}
    </button>
  );
}

/** The clipboard where the page may use it; else a selected text area, which plain http allows too. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
