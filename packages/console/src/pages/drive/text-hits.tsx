import type { DriveSearchAnswer } from '@myriad/contracts';
import { fileIcon } from '../../drive/file-kind.ts';
import { Icon } from '../../ui/icon.tsx';
import { useWords } from '../../words/define-words.ts';
import { driveWords } from './words.ts';

/** Passages in which the words of the search stand, with the file that has them. */
export function TextHits({
  hits,
  onOpen,
}: {
  readonly hits: DriveSearchAnswer['texts'];
  readonly onOpen: (id: string) => void;
}) {
  const say = useWords(driveWords);
  return (
    <section>
      <h2 className="px-4 pt-3 pb-1 text-small font-medium text-soft">{say('textsFound')}</h2>
      <ul>
        {hits.map(({ node, passage }) => (
          <li key={passage.id} className="border-b border-hair last:border-0">
            <button
              type="button"
              onClick={() => onOpen(node.id)}
              className="grid w-full grid-cols-[24px_minmax(0,1fr)] gap-2 px-4 py-2.5 text-left hover:bg-hair"
            >
              <span className="text-soft">
                <Icon name={fileIcon(node)} size={18} />
              </span>
              <span className="min-w-0">
                <span className="block truncate font-medium">
                  {node.name}
                  {passage.page !== null && (
                    <span className="font-normal text-soft"> · {say('onPage', { page: passage.page })}</span>
                  )}
                </span>
                <span className="line-clamp-2 text-soft">{passage.text}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
