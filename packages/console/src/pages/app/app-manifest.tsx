import type { AppDetail, EvalReport } from '@myriad/contracts';
import { MyriadError } from '@myriad/sdk';
import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { ManifestEditor, useCheck } from '../../manifest/manifest-editor.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { useWords } from '../../words/define-words.ts';
import { EvalTable } from './eval-table.tsx';
import { appWords } from './words.ts';

/** The manifest as text: check as it is typed, save as a draft, publish with its evals. */
export function AppManifest({ detail }: { readonly detail: AppDetail }) {
  const say = useWords(appWords);
  const format = useFormat();
  const { app, draft, version, may } = detail;
  const kept = draft?.source ?? version?.source ?? '';
  const [source, setSource] = useState(kept);
  const [report, setReport] = useState<EvalReport | null>(null);
  const check = useCheck(source);
  const edits = may.includes('edit');
  const refresh = ['GET /api/apps', 'GET /api/apps/:app', 'GET /api/apps/:app/versions'] as const;
  const save = useSend('PUT /api/apps/:app/draft', refresh);
  const publish = useSend('POST /api/apps/:app/publish', refresh);
  const params = { app: app.name };
  const run = (skipEvals: boolean) =>
    publish.mutate(
      { params, body: { source, skipEvals } },
      {
        onSuccess: (answer) => {
          setReport(answer.evals);
          tell(say('published', { number: answer.version.number }));
        },
      },
    );
  const evalsFailed = publish.error instanceof MyriadError && publish.error.code === 'evals_failed';
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-soft">
          {!edits
            ? say('readOnly')
            : draft
              ? say('fromDraft', { ago: format.ago(draft.updatedAt) })
              : version && say('fromVersion', { number: version.number })}
        </p>
        {edits && (
          <div className="flex gap-2">
            <Button
              busy={save.isPending}
              disabled={source === kept}
              onClick={() => save.mutate({ params, body: { source } }, { onSuccess: () => tell(say('draftSaved')) })}
            >
              {say('saveDraft')}
            </Button>
            <Button
              look="primary"
              busy={publish.isPending}
              disabled={check?.valid === false}
              onClick={() => run(false)}
            >
              {publish.isPending ? say('publishing') : say('publish')}
            </Button>
          </div>
        )}
      </div>
      <ProblemNote error={save.error} />
      <ProblemNote error={publish.error} />
      {evalsFailed && (
        <div>
          <Button onClick={() => run(true)}>{say('publishAnyway')}</Button>
        </div>
      )}
      {report && (
        <Card flush title={say('evals')} note={say('evalsSummary', { passed: report.passed, failed: report.failed })}>
          <EvalTable report={report} />
        </Card>
      )}
      <ManifestEditor value={source} check={check} readOnly={!edits} onChange={setSource} />
    </>
  );
}
