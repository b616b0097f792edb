import type { AppDetail } from '@myriad/contracts';
import { Link, useParams } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { Chat } from '../../chat/chat.tsx';
import { useFilters } from '../../shell/use-filters.ts';
import { buttonClass, IconButton } from '../../ui/button.tsx';
import { ConfirmByName } from '../../ui/dialog.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { AppAccess } from './app-access.tsx';
import { AppFeedback } from './app-feedback.tsx';
import { AppManifest } from './app-manifest.tsx';
import { AppSnippets } from './app-snippets.tsx';
import { AppVersions } from './app-versions.tsx';
import { feedbackWords } from './feedback-words.ts';
import { appWords } from './words.ts';

/** One app: its manifest, versions, access, budget, and how to use it. */
export default function AppPage() {
  const { name = '' } = useParams({ strict: false }) as { name?: string };
  const say = useWords(appWords);
  const sayFeedback = useWords(feedbackWords);
  const sayCommon = useWords(common);
  const language = useLanguage();
  const [filters, filter] = useFilters();
  const detail = useApi('GET /api/apps/:app', { params: { app: name } });
  if (!detail.data) {
    return (
      <PageFrame sentence={say('loading')}>
        {detail.error ? (
          <ProblemNote error={detail.error} onRetry={() => void detail.refetch()} />
        ) : (
          <Waiting label={sayCommon('loading')} rows={8} />
        )}
      </PageFrame>
    );
  }
  const { app } = detail.data;
  const title = (language === 'zh' ? app.titleZh : app.titleEn) || app.name;
  const edits = detail.data.may.includes('edit');
  const tabs = [
    { value: 'manifest', label: say('tab_manifest'), content: <AppManifest key={app.id} detail={detail.data} /> },
    { value: 'try', label: say('tab_try'), content: <TryIt detail={detail.data} /> },
    { value: 'versions', label: say('tab_versions'), content: <AppVersions detail={detail.data} /> },
    { value: 'use', label: say('tab_use'), content: <AppSnippets app={app} /> },
    ...(edits ? [{ value: 'feedback', label: sayFeedback('tab'), content: <AppFeedback detail={detail.data} /> }] : []),
    { value: 'access', label: say('tab_access'), content: <AppAccess detail={detail.data} /> },
  ];
  const chosen = tabs.some(({ value }) => value === filters.tab) ? (filters.tab ?? '') : edits ? 'manifest' : 'use';
  return (
    <PageFrame
      sentence={sentenceFor(detail.data, title, say)}
      under={language === 'zh' ? app.descriptionZh : app.descriptionEn}
      actions={<Actions detail={detail.data} />}
    >
      <Tabs value={chosen} onChange={(tab) => filter({ tab })} tabs={tabs} />
    </PageFrame>
  );
}

function sentenceFor({ app }: AppDetail, title: string, say: ReturnType<typeof useWords<typeof appWords.en>>): string {
  if (app.status === 'stopped') return say('stoppedSentence', { title });
  if (app.status === 'retired') return say('retiredSentence', { title });
  return app.currentVersion === null
    ? say('draftOnly', { title })
    : say('serves', { title, number: app.versionNumber });
}

function Actions({ detail: { app, may } }: { readonly detail: AppDetail }) {
  const say = useWords(appWords);
  const [retiring, setRetiring] = useState(false);
  const change = useSend('POST /api/apps/:app/status', ['GET /api/apps', 'GET /api/apps/:app']);
  const set = (status: 'published' | 'stopped' | 'retired', done: string) =>
    change.mutate(
      { params: { app: app.name }, body: { status } },
      { onSuccess: () => tell(done), onError: (error) => tell(sentenceOf(error)) },
    );
  return (
    <>
      {app.status === 'published' && app.expose.includes('chat') && (
        <Link to={app.name === 'assistant' ? '/' : `/app/${app.name}/chat`} className={buttonClass('plain')}>
          {say('chat')}
        </Link>
      )}
      {may.includes('stop') && app.currentVersion !== null && (
        <Menu
          trigger={<IconButton icon="more" label={say('more')} />}
          items={[
            app.status === 'published'
              ? { key: 'stop', label: say('stop'), onSelect: () => set('stopped', say('stopped')) }
              : { key: 'start', label: say('start'), onSelect: () => set('published', say('started')) },
            null,
            {
              key: 'retire',
              label: say('retire'),
              danger: true,
              disabled: app.builtin || app.status === 'retired',
              onSelect: () => setRetiring(true),
            },
          ]}
        />
      )}
      <ConfirmByName
        open={retiring}
        onClose={() => setRetiring(false)}
        title={`${say('retire')}: ${app.name}`}
        consequence={say('retireConsequence')}
        name={app.name}
        action={say('retire')}
        onConfirm={() => set('retired', say('retire'))}
      />
    </>
  );
}

function TryIt({ detail: { app } }: { readonly detail: AppDetail }) {
  const say = useWords(appWords);
  const [conversation, setConversation] = useState<string | null>(null);
  const go = useCallback((id: string | null) => setConversation(id), []);
  if (app.status !== 'published') return <Empty title={say('tryNothing')}>{say('tryNothingUnder')}</Empty>;
  return (
    <>
      {app.hasDraft && <p className="text-soft">{say('tryDraftNote', { number: app.versionNumber })}</p>}
      <div className="relative h-[min(68vh,720px)] overflow-hidden rounded-card border border-line">
        <Chat bare app={app.name} conversation={conversation} listApp={app.name} linkOf={() => ''} onGo={go} />
      </div>
    </>
  );
}
