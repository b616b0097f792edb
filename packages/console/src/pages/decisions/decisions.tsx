import type { Decision } from '@myriad/contracts';
import { usePages, useSend } from '../../api/use-api.ts';
import { DecisionList, decisionRoutes, useDecisionTitle } from '../../cockpit/decision-list.tsx';
import { SampleMark } from '../../cockpit/verdict-chip.tsx';
import { saveText, toCsv } from '../../format/csv.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { Card, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { AuditChain } from './audit-chain.tsx';
import { LimitsCard } from './limits-card.tsx';
import { decisionWords } from './words.ts';

/** What waits, what was decided and by whom, the owner's limits, and the audit chain. */
export default function DecisionsPage() {
  const say = useWords(decisionWords);
  const sayCommon = useWords(common);
  const { may } = useReader();
  const answer = usePages('GET /api/decisions', {}, { refetchInterval: 30_000 });
  const waiting = answer.items.filter(({ status }) => status === 'proposed');
  const decided = answer.items.filter(({ status }) => status !== 'proposed');
  const applied = decided.filter(({ status }) => status === 'applied').length;
  const save = () =>
    saveText(
      'myriad-decisions.csv',
      toCsv(
        ['id', 'kind', 'status', 'app', 'model', 'from', 'to', 'because', 'proposed', 'decided', 'by'],
        answer.items.map((each) => [
          ...[each.id, each.kind, each.status, each.app, each.model, each.from, each.to, each.because.en],
          new Date(each.proposedAt).toISOString(),
          each.decidedAt === null ? null : new Date(each.decidedAt).toISOString(),
          each.decidedBy,
        ]),
      ),
      'text/csv',
    );
  return (
    <PageFrame
      sentence={
        !answer.isSuccess
          ? say('loading')
          : waiting.length === 0
            ? say('sentenceNone', { applied })
            : say('sentence', { count: waiting.length, applied })
      }
      under={say('under')}
      actions={<Button onClick={save}>{sayCommon('exportCsv')}</Button>}
    >
      <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />
      {answer.isPending && <Waiting label={sayCommon('loading')} rows={5} />}
      {answer.isSuccess && (
        <>
          <DecisionList decisions={waiting} />
          <History decided={decided} />
          {answer.hasNextPage && (
            <Button look="quiet" onClick={() => void answer.fetchNextPage()}>
              {sayCommon('loadMore')}
            </Button>
          )}
        </>
      )}
      {may.includes('settings') && <LimitsCard />}
      <AuditChain />
    </PageFrame>
  );
}

function History({ decided }: { readonly decided: readonly Decision[] }) {
  const say = useWords(decisionWords);
  const language = useLanguage();
  const format = useFormat();
  const titleOf = useDecisionTitle();
  const undo = useSend('POST /api/decisions/:id', decisionRoutes);
  return (
    <Card flush title={say('history')}>
      <ProblemNote error={undo.error} />
      {decided.length === 0 && <p className="px-[18px] pb-4 text-soft">{say('noHistory')}</p>}
      {decided.length > 0 && (
        <Table
          caption={say('history')}
          rows={decided}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'what',
              title: say('what'),
              cell: (each) => (
                <>
                  <span className="font-medium">{titleOf(each)}</span>
                  <SampleMark sample={each.sample} />
                  <span className="block text-small text-soft">{each.because[language]}</span>
                </>
              ),
            },
            { key: 'status', title: say('status'), cell: ({ status }) => say(`status_${status}`) },
            {
              key: 'when',
              title: say('when'),
              cell: ({ decidedAt, proposedAt }) => (
                <time className="whitespace-nowrap text-soft">{format.time(decidedAt ?? proposedAt)}</time>
              ),
            },
            {
              key: 'who',
              title: say('who'),
              wideOnly: true,
              cell: ({ decidedBy }) => (decidedBy === 'automatic' ? say('automatic') : decidedBy),
            },
            {
              key: 'undo',
              title: <span className="sr-only">{say('takeBack')}</span>,
              cell: (each) =>
                each.canUndo && (
                  <Button
                    className="print:hidden"
                    aria-label={`${say('takeBack')}: ${titleOf(each)}`}
                    busy={undo.isPending}
                    onClick={() => undo.mutate({ params: { id: each.id }, body: { action: 'undo' } })}
                  >
                    {say('takeBack')}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Card>
  );
}
