import type { DrivesAnswer } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { useWords } from '../../words/define-words.ts';
import type { DriveView } from './use-shown-files.ts';
import { driveWords } from './words.ts';

/** Where files can be looked for. */
export function Places({
  view,
  folderId,
  rootId,
  drives,
}: {
  readonly view: DriveView;
  readonly folderId: string;
  /** Outermost folder of the one that is open. */
  readonly rootId: string;
  readonly drives: DrivesAnswer | undefined;
}) {
  const say = useWords(driveWords);
  const house = drives?.house.rootId ?? '';
  const inHouse = view === 'folder' && house !== '' && (rootId === house || folderId === house);
  const inOwn = view === 'folder' && !inHouse && (!drives?.own || rootId === drives.own.rootId);
  const link = (current: boolean) =>
    `inline-flex min-h-9 items-center border-b-2 px-2.5 whitespace-nowrap ${current ? 'border-ink font-medium text-ink' : 'border-transparent text-soft hover:text-ink'}`;
  return (
    <nav aria-label={say('places')} className="scrollbar-quiet -mb-1 flex gap-1 overflow-x-auto border-b border-line">
      {drives?.own !== null && (
        <Link to="/drive" search={{} as never} aria-current={inOwn ? 'page' : undefined} className={link(inOwn)}>
          {say('own')}
        </Link>
      )}
      {house !== '' && (
        <Link
          to="/drive/$folder"
          params={{ folder: house } as never}
          search={{} as never}
          aria-current={inHouse ? 'page' : undefined}
          className={link(inHouse)}
        >
          {say('house')}
        </Link>
      )}
      {(['shared', 'week', 'duplicates', 'trash'] as const).map((each) => (
        <Link
          key={each}
          to="/drive"
          search={{ view: each } as never}
          aria-current={view === each ? 'page' : undefined}
          className={link(view === each)}
        >
          {say(each)}
        </Link>
      ))}
    </nav>
  );
}
