import { IconButton } from '../ui/button.tsx';
import { useWords } from '../words/define-words.ts';
import { chatWords } from './words.ts';

/** ‹ 2 / 3 ›: goes between the versions of a message. */
export function SiblingSwitch({
  siblings,
  at,
  onSibling,
}: {
  readonly siblings: readonly string[];
  readonly at: number;
  readonly onSibling: (id: string) => void;
}) {
  const say = useWords(chatWords);
  if (siblings.length < 2) return null;
  const go = (to: number) => {
    const id = siblings[to];
    if (id !== undefined) onSibling(id);
  };
  return (
    <span className="inline-flex items-center">
      <IconButton icon="left" label={say('olderVersion')} disabled={at === 0} onClick={() => go(at - 1)} />
      <span className="px-0.5 whitespace-nowrap">
        <span aria-hidden="true">
          {at + 1} / {siblings.length}
        </span>
        <span className="sr-only">{say('version', { at: at + 1, count: siblings.length })}</span>
      </span>
      <IconButton
        icon="right"
        label={say('newerVersion')}
        disabled={at === siblings.length - 1}
        onClick={() => go(at + 1)}
      />
    </span>
  );
}
