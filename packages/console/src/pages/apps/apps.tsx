import type { AppRecord } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { usePages } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { buttonClass } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Card, Chip, Empty, PageFrame, type Tone, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { appsWords } from './words.ts';

export const appTones: Readonly<Record<AppRecord['status'], Tone>> = {
  draft: 'wait',
  published: 'good',
  stopped: 'bad',
  retired: 'idle',
};

/** The catalogue: apps that the reader may use, and for builders all that they may see. */
export default function AppsPage() {
  const say = useWords(appsWords);
  const sayCommon = useWords(common);
  const { may } = useReader();
  const [filters, filter] = useFilters();
  const search = useDeferredValue(filters.search ?? '');
  const list = usePages('GET /api/apps', { query: { search, status: filters.status ?? '' } });
  const all = list.data?.pages[0]?.total;
  const builds = may.includes('build');
  const filtered = search !== '' || Boolean(filters.status);
  return (
    <PageFrame
      sentence={
        all === undefined || filtered
          ? say('counting')
          : all === 0
            ? say('sentenceNone')
            : say('sentence', { count: all })
      }
      under={say(builds ? 'under' : 'underReader')}
      actions={
        builds && (
          <Link to="/apps/new" className={buttonClass('primary')}>
            {say('newApp')}
          </Link>
        )
      }
    >
      <div className={builds ? 'grid gap-3 sm:grid-cols-[minmax(0,1fr)_180px]' : ''}>
        <TextField
          quiet
          type="search"
          label={say('search')}
          placeholder={say('search')}
          value={filters.search ?? ''}
          onChange={(event) => filter({ search: event.target.value })}
        />
        {builds && (
          <SelectField
            quiet
            label={say('status')}
            value={filters.status ?? ''}
            onChange={(event) => filter({ status: event.target.value })}
            options={[
              { value: '', label: `${say('status')}: ${sayCommon('all')}` },
              ...(['published', 'draft', 'stopped', 'retired'] as const).map((value) => ({
                value,
                label: sayCommon(`status_${value}`),
              })),
            ]}
          />
        )}
      </div>
      <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
      <Card flush>
        {list.isPending && <Waiting label={sayCommon('loading')} rows={6} />}
        {list.isSuccess && list.items.length === 0 && (
          <Empty
            title={say(filtered ? 'noMatch' : 'empty')}
            action={
              builds && (
                <Link to="/apps/new" className={buttonClass('primary')}>
                  {say('newApp')}
                </Link>
              )
            }
          >
            {!filtered && say('emptyUnder')}
          </Empty>
        )}
        {list.items.length > 0 && (
          <VirtualList
            label={say('list')}
            items={list.items}
            itemKey={(app) => app.id}
            estimatePx={73}
            more={list.hasNextPage}
            onMore={() => void list.fetchNextPage()}
          >
            {(app) => <Row app={app} builds={builds} />}
          </VirtualList>
        )}
      </Card>
    </PageFrame>
  );
}

function Row({ app, builds }: { readonly app: AppRecord; readonly builds: boolean }) {
  const say = useWords(appsWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const language = useLanguage();
  const title = (language === 'zh' ? app.titleZh : app.titleEn) || app.name;
  const chat = app.name === 'assistant' ? '/' : `/app/${app.name}/chat`;
  const chats = app.status === 'published' && app.expose.includes('chat');
  const facts = [
    app.name,
    ...(app.builtin ? [say('builtin')] : []),
    app.versionNumber > 0 ? say('versionNumber', { number: app.versionNumber }) : say('draftOnly'),
    ...(app.hasDraft && app.versionNumber > 0 ? [say('withDraft')] : []),
    say('changed', { ago: format.ago(app.updatedAt) }),
  ];
  return (
    <div className="flex items-center gap-3 border-b border-hair px-[18px] py-3">
      <div className="min-w-0 flex-1">
        <Link to={builds ? `/app/${app.name}` : chat} className="font-medium hover:underline">
          {title}
        </Link>
        <p className="truncate text-soft">{language === 'zh' ? app.descriptionZh : app.descriptionEn}</p>
        {builds && <p className="truncate text-small text-soft">{facts.join(' · ')}</p>}
      </div>
      {builds && (
        <span className="hidden sm:inline">
          <Chip tone={appTones[app.status]}>{sayCommon(`status_${app.status}`)}</Chip>
        </span>
      )}
      {chats && (
        <Link to={chat} className={buttonClass('plain')} aria-label={`${say('chat')}: ${title}`}>
          {say('chat')}
        </Link>
      )}
    </div>
  );
}
