import { Dialog as Base } from '@base-ui/react/dialog';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { useReader } from '../session/use-session.ts';
import { useSignOut } from '../session/use-sign-out.ts';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { switchLanguage, useLanguage } from '../words/language.ts';
import { pages } from './pages.ts';
import { rankMatches } from './rank-matches.ts';
import { switchTheme, type Theme } from './theme.ts';
import { shellWords } from './words.ts';

interface Target {
  readonly key: string;
  readonly group: string;
  readonly label: string;
  readonly detail?: string;
  readonly go: () => void;
}

/** ⌘K: one box that goes to pages, apps, conversations, people, models and actions. */
export function Palette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[rgb(20_23_27/0.38)]" />
        <Base.Popup className="fixed top-[12vh] left-1/2 z-50 w-[min(600px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-card border border-line bg-card shadow-over outline-none">
          <PaletteBody onClose={onClose} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function PaletteBody({ onClose }: { readonly onClose: () => void }) {
  const say = useWords(shellWords);
  const sayCommon = useWords(common);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const targets = useTargets(query.trim());
  const chosen = Math.min(at, Math.max(0, targets.length - 1));
  const choose = (target: Target | undefined) => {
    if (!target) return;
    onClose();
    target.go();
  };
  useEffect(() => {
    document.getElementById(`palette-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <>
      <Base.Title className="sr-only">{say('goTo')}</Base.Title>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={targets.length > 0 ? `palette-${chosen}` : undefined}
        aria-label={say('goTo')}
        placeholder={say('paletteHint')}
        value={query}
        // biome-ignore lint/a11y/noAutofocus: a dialog that is one box
        autoFocus
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0) {
            event.preventDefault();
            setAt((chosen + step + targets.length) % Math.max(1, targets.length));
          } else if (event.key === 'Enter') {
            event.preventDefault();
            choose(targets[chosen]);
          }
        }}
        className="w-full border-b border-hair bg-transparent px-4 py-3 text-[15px] outline-none"
      />
      <p aria-live="polite" className="sr-only">
        {say('results', { count: targets.length })}
      </p>
      <div
        id="palette-list"
        role="listbox"
        aria-label={say('goTo')}
        className="scrollbar-quiet max-h-[52vh] overflow-y-auto p-1.5"
      >
        {targets.length === 0 && (
          <p className="px-3 py-6 text-center text-soft">{sayCommon('nothingFound', { query })}</p>
        )}
        {targets.map((target, index) => (
          <div
            key={target.key}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onPointerMove={() => setAt(index)}
            onClick={() => choose(target)}
            onKeyDown={(event) => event.key === 'Enter' && choose(target)}
            className="flex min-h-9 cursor-pointer items-center gap-3 rounded-control px-2.5 aria-selected:bg-hair"
          >
            <span className="min-w-0 flex-1 truncate">
              {target.label}
              {target.detail && <span className="ml-2 text-soft">{target.detail}</span>}
            </span>
            <span className="text-small text-soft">{target.group}</span>
          </div>
        ))}
      </div>
    </>
  );
}

/** Everything that the query could mean, best first. Lists of the server are asked only for two or more letters. */
function useTargets(query: string): readonly Target[] {
  const say = useWords(shellWords);
  const language = useLanguage();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { may } = useReader();
  const asked = useDeferredValue(query);
  const some = asked.length > 0;
  const apps = useApi('GET /api/apps', { query: { search: asked, limit: '6' } }, { enabled: some, staleTime: 10_000 });
  const talks = useApi('GET /api/conversations', { query: { search: asked, limit: '6' } }, { staleTime: 10_000 });
  const people = useApi(
    'GET /api/people',
    { query: { search: asked, limit: '4' } },
    { enabled: some && may.includes('people'), staleTime: 10_000 },
  );
  const models = useApi('GET /api/models', {}, { enabled: may.includes('models'), staleTime: 60_000 });
  const collections = useApi('GET /api/collections', {}, { enabled: may.includes('build'), staleTime: 60_000 });

  return useMemo(() => {
    const go = (to: string) => () => void navigate({ to });
    const fixed: Target[] = [
      { key: 'new', group: say('group_actions'), label: say('newConversation'), go: go('/') },
      ...pages
        .filter((page) => page.rail && (!page.needs || may.includes(page.needs)))
        .map((page) => ({
          key: page.name,
          group: say('group_pages'),
          label: page.title[language],
          detail: language === 'en' ? '' : page.title.en,
          go: go(page.paths[0] ?? '/'),
        })),
      ...(may.includes('build')
        ? [{ key: 'new-app', group: say('group_actions'), label: say('newApp'), go: go('/apps/new') }]
        : []),
      { key: 'settings-own', group: say('group_pages'), label: say('yourSettings'), go: go('/settings') },
      {
        key: 'language',
        group: say('group_actions'),
        label: say('languageTo'),
        go: () => switchLanguage(language === 'en' ? 'zh' : 'en'),
      },
      ...(['light', 'dark', 'system'] satisfies Theme[]).map((theme) => ({
        key: `theme-${theme}`,
        group: say('group_actions'),
        label: say(`themeTo_${theme}`),
        go: () => switchTheme(theme),
      })),
      { key: 'out', group: say('group_actions'), label: say('signOut'), go: signOut },
      ...(models.data?.models ?? []).map((row) => ({
        key: row.endpoint.id,
        group: say('group_models'),
        label: row.endpoint.name,
        go: go('/models'),
      })),
      ...(collections.data?.items ?? [])
        .filter((collection) => !collection.name.startsWith('conversation:'))
        .map((collection) => ({
          key: collection.id,
          group: say('group_knowledge'),
          label: collection.name.replace(/^library:/, ''),
          go: go(`/knowledge/${collection.id}`),
        })),
    ];
    const conversations = (talks.data?.items ?? []).map((talk) => ({
      key: talk.id,
      group: say('group_conversations'),
      label: talk.title || say('newConversation'),
      go: go(`/chat/${talk.id}`),
    }));
    if (query === '') return [...fixed.slice(0, 12), ...conversations];
    // The server may have found by what is not shown here, so what does not rank comes last instead of not at all.
    const found: Target[] = [
      ...(apps.data?.items ?? []).map((app) => ({
        key: app.id,
        group: say('group_apps'),
        label: (language === 'zh' ? app.titleZh : app.titleEn) || app.name,
        detail: app.name,
        go: go(`/app/${app.name}`),
      })),
      ...conversations,
      ...(people.data?.items ?? []).map((person) => ({
        key: person.id,
        group: say('group_people'),
        label: person.name,
        detail: person.email,
        go: go(`/people?search=${encodeURIComponent(person.email)}`),
      })),
    ];
    const ranked = rankMatches([...fixed, ...found], query, (target) => `${target.label} ${target.detail ?? ''}`);
    return [...ranked, ...found.filter((target) => !ranked.includes(target))];
  }, [query, apps.data, talks.data, people.data, models.data, collections.data, language, may, navigate, say, signOut]);
}
