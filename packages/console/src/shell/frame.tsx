import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { refreshSession, useSession } from '../session/use-session.ts';
import { buttonClass } from '../ui/button.tsx';
import { PageFrame } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { ToastArea } from '../ui/toast.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { useLanguage } from '../words/language.ts';
import { pageAt } from './page-at.ts';
import { BottomBar, Rail } from './rail.tsx';
import { useShortcut } from './use-shortcut.ts';
import { shellWords } from './words.ts';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));
const SignIn = lazy(() => import('../pages/sign-in/sign-in.tsx'));

/** The frame of every page: rail, page, palette, notes. Nobody gets the sign-in page, where they wanted to go. */
export function Frame() {
  const session = useSession();
  const queries = useQueryClient();
  const address = useRouterState({ select: (state) => state.location.pathname });
  const page = pageAt(address);
  const language = useLanguage();
  useEffect(() => {
    if (page?.frame === 'full') return;
    document.title = page ? `${page.title[language]} · Myriad` : 'Myriad';
  }, [page, language]);
  if (page?.frame === 'open') {
    return (
      <Suspense>
        <Outlet />
        <ToastArea />
      </Suspense>
    );
  }
  if (session.isPending) return <div className="min-h-dvh" aria-busy="true" />;
  if (!session.data) {
    return (
      <main className="mx-auto max-w-xl px-4 pt-[20vh]">
        <Unreachable error={session.error} onRetry={() => void refreshSession(queries)} />
      </main>
    );
  }
  if (!session.data.person) {
    return (
      <Suspense>
        <SignIn />
        <ToastArea />
      </Suspense>
    );
  }
  const allowed = !page?.needs || session.data.may.includes(page.needs);
  return <ReaderFrame full={page?.frame === 'full'}>{allowed ? <Outlet /> : <Forbidden />}</ReaderFrame>;
}

function ReaderFrame({ full, children }: { readonly full: boolean; readonly children: React.ReactNode }) {
  const say = useWords(common);
  const sayShell = useWords(shellWords);
  const navigate = useNavigate();
  const [palette, setPalette] = useState(false);
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  useShortcut('mod+k', () => setPalette((open) => !open));
  useShortcut('mod+shift+o', () => void navigate({ to: '/' }));
  return (
    <div className="min-[900px]:grid min-[900px]:grid-cols-[212px_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-card focus:px-3 focus:py-2"
      >
        {say('skip')}
      </a>
      <Rail onPalette={() => setPalette(true)} />
      <main
        id="content"
        tabIndex={-1}
        className={`min-w-0 outline-none ${full ? 'h-[calc(100dvh-57px-env(safe-area-inset-bottom))] min-[900px]:h-dvh' : 'pb-16 min-[900px]:pb-0'}`}
      >
        {!online && (
          <p role="status" className="bg-wait-soft px-4 py-1.5 text-center text-wait">
            {sayShell('offline')}
          </p>
        )}
        <Suspense fallback={null}>{children}</Suspense>
      </main>
      <BottomBar onPalette={() => setPalette(true)} />
      {palette && (
        <Suspense>
          <Palette open onClose={() => setPalette(false)} />
        </Suspense>
      )}
      <ToastArea />
    </div>
  );
}

function subscribeOnline(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

function Unreachable({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const say = useWords(shellWords);
  return (
    <>
      <h1 className="mb-4 text-sentence font-semibold">{say('unreachable')}</h1>
      <ProblemNote error={error} onRetry={onRetry} />
    </>
  );
}

function Forbidden() {
  const say = useWords(shellWords);
  return (
    <PageFrame sentence={say('forbiddenTitle')} under={say('forbiddenUnder')}>
      <BackToAssistant />
    </PageFrame>
  );
}

export function Missing() {
  const say = useWords(shellWords);
  return (
    <PageFrame sentence={say('missingTitle')} under={say('missingUnder')}>
      <BackToAssistant />
    </PageFrame>
  );
}

/** What a reader sees when a page throws: the rest of the console stays. */
export function Crashed({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const say = useWords(shellWords);
  return (
    <PageFrame sentence={say('crashed')}>
      <ProblemNote error={error} onRetry={reset} />
    </PageFrame>
  );
}

function BackToAssistant() {
  const say = useWords(shellWords);
  return (
    <div>
      <Link to="/" className={buttonClass('primary')}>
        {say('toAssistant')}
      </Link>
    </div>
  );
}
