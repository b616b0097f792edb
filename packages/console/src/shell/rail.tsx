import { Link, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { useReader } from '../session/use-session.ts';
import { useSignOut } from '../session/use-sign-out.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { useWords } from '../words/define-words.ts';
import { switchLanguage, useLanguage } from '../words/language.ts';
import { Brand } from './brand.tsx';
import { pageAt } from './page-at.ts';
import { type Page, railOf, railSections } from './pages.ts';
import { switchTheme, type Theme, useTheme } from './theme.ts';
import { shellWords } from './words.ts';

/** Where a page's rail entry leads: its first path, without parameters. */
const entryPath = (page: Page) => page.paths[0] ?? '/';

function useIsHere(): (page: Page) => boolean {
  const here = useRouterState({ select: (state) => state.location.pathname });
  return (page) => pageAt(here)?.name === page.name;
}

function Entry({
  page,
  here,
  onClick,
}: {
  readonly page: Page;
  readonly here: boolean;
  readonly onClick?: () => void;
}) {
  const language = useLanguage();
  return (
    <Link
      to={entryPath(page)}
      onClick={onClick}
      aria-current={here ? 'page' : undefined}
      className={`flex min-h-8 items-center rounded-control px-2 ${here ? 'bg-card font-medium text-ink shadow-[0_0_0_1px_var(--line)]' : 'text-soft hover:text-ink'}`}
    >
      {page.title[language]}
      {page.rail?.counts && <WaitingCount />}
    </Link>
  );
}

/** How many decisions wait for the reader. */
function WaitingCount() {
  const say = useWords(shellWords);
  const { data } = useApi(
    'GET /api/decisions',
    { query: { status: 'proposed', limit: '100' } },
    { refetchInterval: 60_000, retry: false },
  );
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <span className="ml-auto font-medium text-decide">
      {count}
      <span className="sr-only"> {say('waiting')}</span>
    </span>
  );
}

function Entries({ onClick }: { readonly onClick?: () => void }) {
  const say = useWords(shellWords);
  const { may } = useReader();
  const isHere = useIsHere();
  return railSections.map((section) => {
    const entries = railOf(section, may);
    if (entries.length === 0) return null;
    return (
      <div key={section} className="grid gap-0.5">
        {section !== 'apps' && (
          <h2 className="mx-2 mt-3.5 mb-0.5 text-tiny font-medium tracking-[0.04em] text-soft">
            {say(`section_${section}`)}
          </h2>
        )}
        {entries.map((page) => (
          <Entry key={page.name} page={page} here={isHere(page)} {...(onClick ? { onClick } : {})} />
        ))}
      </div>
    );
  });
}

const themes: readonly Theme[] = ['system', 'light', 'dark'];

function Account() {
  const say = useWords(shellWords);
  const { person } = useReader();
  const theme = useTheme();
  const language = useLanguage();
  const signOut = useSignOut();
  const items = [
    { key: 'settings', label: <Link to="/settings">{say('yourSettings')}</Link>, onSelect: () => {} },
    null,
    ...themes.map((each) => ({
      key: each,
      label: (
        <span className="flex w-full justify-between gap-6">
          {say(`themeTo_${each}`)}
          {each === theme && <Icon name="check" />}
        </span>
      ),
      onSelect: () => switchTheme(each),
    })),
    null,
    { key: 'language', label: say('switchLanguage'), onSelect: () => switchLanguage(language === 'en' ? 'zh' : 'en') },
    null,
    { key: 'out', label: say('signOut'), onSelect: signOut },
  ];
  return (
    <Menu
      side="top"
      align="start"
      items={items}
      trigger={
        <button
          type="button"
          className="flex min-h-9 w-full items-center gap-2 rounded-control px-2 text-left text-soft hover:bg-hair hover:text-ink"
        >
          <Icon name="person" />
          <span className="min-w-0 truncate">{person.name || person.email || say('you')}</span>
        </button>
      }
    />
  );
}

/** The left rail of wide screens: what the reader may open, and nothing else. */
export function Rail({ onPalette }: { readonly onPalette: () => void }) {
  const say = useWords(shellWords);
  return (
    <nav
      aria-label={say('navigation')}
      className="scrollbar-quiet sticky top-0 hidden h-dvh flex-col overflow-y-auto border-r border-line px-3 pt-[18px] pb-3 min-[900px]:flex"
    >
      <Link to="/" className="rounded-control px-2 pb-4">
        <Brand />
      </Link>
      <button
        type="button"
        onClick={onPalette}
        className="mb-3 flex min-h-8 items-center justify-between rounded-[8px] border border-line bg-card px-2.5 text-soft hover:border-field"
      >
        {say('goTo')} <kbd>{paletteKeys}</kbd>
      </button>
      <Entries />
      <div className="mt-auto pt-4">
        <Account />
      </div>
    </nav>
  );
}

export const paletteKeys = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '') ? '⌘K' : 'Ctrl K';

/** The bottom bar of narrow screens: the first pages, and the rest behind "More". */
export function BottomBar({ onPalette }: { readonly onPalette: () => void }) {
  const say = useWords(shellWords);
  const language = useLanguage();
  const { may } = useReader();
  const isHere = useIsHere();
  const [open, setOpen] = useState(false);
  const first = railSections
    .flatMap((section) => railOf(section, may))
    .filter((page) => page.rail?.icon)
    .slice(0, 3);
  const slot = 'grid min-h-14 flex-1 content-center justify-items-center gap-0.5 text-tiny';
  return (
    <nav
      aria-label={say('navigation')}
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-paper pb-[env(safe-area-inset-bottom)] min-[900px]:hidden"
    >
      {first.map((page) => (
        <Link
          key={page.name}
          to={entryPath(page)}
          aria-current={isHere(page) ? 'page' : undefined}
          className={`${slot} ${isHere(page) ? 'font-medium text-ink' : 'text-soft'}`}
        >
          <Icon name={page.rail?.icon ?? 'apps'} size={20} />
          {page.title[language]}
        </Link>
      ))}
      <button type="button" className={`${slot} text-soft`} onClick={onPalette}>
        <Icon name="search" size={20} />
        {say('goTo')}
      </button>
      <button type="button" className={`${slot} text-soft`} onClick={() => setOpen(true)} aria-haspopup="dialog">
        <Icon name="more" size={20} />
        {say('more')}
      </button>
      <Dialog side open={open} onClose={() => setOpen(false)} title={<Brand />}>
        <Entries onClick={() => setOpen(false)} />
        <div className="mt-4 border-t border-hair pt-2">
          <Account />
        </div>
      </Dialog>
    </nav>
  );
}
