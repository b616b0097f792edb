import type { AppDetail } from '@myriad/contracts';
import { useState } from 'react';
import { useApi, usePages, useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { DiffView } from '../../manifest/diff-view.tsx';
import { Button } from '../../ui/button.tsx';
import { Card, Chip, Empty, Facts } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { appWords } from './words.ts';

/** The versions, newest first: compare with the one that serves, go back in one step. */
export function AppVersions({ detail: { app, may } }: { readonly detail: AppDetail }) {
  const say = useWords(appWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const [from, setFrom] = useState<number | null>(null);
  const versions = usePages('GET /api/apps/:app/versions', { params: { app: app.name } });
  const rollback = useSend('POST /api/apps/:app/rollback', ['GET /api/apps', 'GET /api/apps/:app']);
  if (versions.isSuccess && versions.items.length === 0) {
    return <Empty title={say('versionsNone')}>{say('versionsNoneUnder')}</Empty>;
  }
  const goBack = (number: number) =>
    rollback.mutate(
      { params: { app: app.name }, body: { number } },
      {
        onSuccess: () => tell(say('rolledBack', { number })),
        onError: (error) => tell(sentenceOf(error)),
      },
    );
  return (
    <>
      <ProblemNote error={versions.error} />
      <Card flush>
        <Table
          caption={say('tab_versions')}
          rows={versions.items}
          rowKey={(version) => String(version.number)}
          columns={[
            {
              key: 'number',
              title: say('version'),
              cell: ({ number, hash, publishedAt }) => (
                <span className="flex flex-wrap items-center gap-x-2">
                  {number}
                  {number === app.versionNumber && <Chip tone="good">{say('current')}</Chip>}
                  <code className="font-mono text-small text-soft" title={hash}>
                    {hash.slice(0, 10)}
                  </code>
                  <time className="text-small text-soft md:hidden">{format.time(publishedAt)}</time>
                </span>
              ),
            },
            { key: 'when', title: say('when'), wideOnly: true, cell: ({ publishedAt }) => format.time(publishedAt) },
            {
              key: 'evals',
              title: say('evals'),
              wideOnly: true,
              cell: ({ evals }) =>
                evals ? (
                  <span className={evals.failed > 0 ? 'text-bad' : ''}>
                    {say('evalsSummary', { passed: evals.passed, failed: evals.failed })}
                  </span>
                ) : (
                  <span className="text-soft">{sayCommon('none')}</span>
                ),
            },
            {
              key: 'do',
              title: <span className="sr-only">{sayCommon('more')}</span>,
              number: true,
              cell: ({ number }) =>
                number === app.versionNumber ? null : (
                  <span className="inline-flex gap-1.5">
                    <Button aria-pressed={from === number} onClick={() => setFrom(from === number ? null : number)}>
                      {say('compare')}
                    </Button>
                    {may.includes('edit') && (
                      <Button busy={rollback.isPending} onClick={() => goBack(number)}>
                        {say('rollback')}
                      </Button>
                    )}
                  </span>
                ),
            },
          ]}
        />
      </Card>
      {from !== null && <Difference app={app.name} from={from} to={app.versionNumber} />}
    </>
  );
}

function Difference({ app, from, to }: { readonly app: string; readonly from: number; readonly to: number }) {
  const say = useWords(appWords);
  const diff = useApi('GET /api/apps/:app/diff', { params: { app }, query: { from: String(from), to: String(to) } });
  if (diff.error) return <ProblemNote error={diff.error} />;
  if (!diff.data) return null;
  const title = say('diffTitle', { from, to });
  return (
    <section aria-label={title} className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2 className="text-[13px] font-semibold">{title}</h2>
      {diff.data.text.trim() === '' ? (
        <p className="text-soft">{say('noDifference')}</p>
      ) : (
        <DiffView label={title} text={diff.data.text} />
      )}
      {diff.data.fields.length > 0 && (
        <Card title={say('fields')}>
          <Facts
            items={diff.data.fields.map(({ field, before, after }) => [
              <code key={field} className="font-mono text-small">
                {field}
              </code>,
              <span key={field}>
                {brief(before)} → {brief(after)}
              </span>,
            ])}
          />
        </Card>
      )}
    </section>
  );
}

const longest = 160;

function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '∅');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
