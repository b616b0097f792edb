import type { ModelRow, ModelsAnswer } from '@myriad/contracts';
import { useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { Button } from '../../ui/button.tsx';
import { Card, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { AttachDialog, type AttachStart } from './attach-dialog.tsx';
import { Consolidation } from './consolidation.tsx';
import { Ladder } from './ladder.tsx';
import { LocalModels } from './local-models.tsx';
import { ModelTable } from './model-table.tsx';
import { modelsWords } from './words.ts';

const refreshMs = 15_000;

/** The base models: how far the node has come, what was found, what is attached. */
export default function ModelsPage() {
  const say = useWords(modelsWords);
  const sayCommon = useWords(common);
  const models = useApi('GET /api/models', {}, { refetchInterval: refreshMs });
  const [attaching, setAttaching] = useState<AttachStart | null>(null);
  const writers = (models.data?.models ?? []).filter(writes).length;
  return (
    <PageFrame
      sentence={models.data ? (writers === 0 ? say('quotesOnly') : say('writes', { count: writers })) : say('sentence')}
      under={say('under')}
      actions={
        <Button look="primary" onClick={() => setAttaching({})}>
          {say('attach')}
        </Button>
      }
    >
      <ProblemNote error={models.error} onRetry={() => void models.refetch()} />
      {models.isPending && <Waiting label={sayCommon('loading')} rows={6} />}
      {models.data && (
        <>
          <Detected detected={models.data.detected} onAttach={setAttaching} />
          <ModelTable rows={models.data.models} />
          <Consolidation />
          <LocalModels />
          <Ladder ladder={models.data.ladder} detected={models.data.detected} />
        </>
      )}
      {attaching && <AttachDialog start={attaching} onClose={() => setAttaching(null)} />}
    </PageFrame>
  );
}

const writes = ({ endpoint }: ModelRow) => endpoint.enabled && endpoint.capabilities.includes('generate');

function Detected({
  detected: first,
  onAttach,
}: {
  readonly detected: ModelsAnswer['detected'];
  readonly onAttach: (start: AttachStart) => void;
}) {
  const say = useWords(modelsWords);
  const detect = useSend('POST /api/models/detect', ['GET /api/models']);
  const waiting = (detect.data?.detected ?? first).filter(({ attached }) => !attached);
  if (waiting.length === 0) return null;
  return (
    <Card
      title={say('detected')}
      note={
        <Button look="quiet" busy={detect.isPending} onClick={() => detect.mutate({})}>
          {say('look')}
        </Button>
      }
    >
      <p className="mb-2 text-soft">{say('detectedUnder')}</p>
      <ul className="grid gap-2">
        {waiting.map((server) => (
          <li key={server.baseUrl} className="flex flex-wrap items-center gap-2">
            <code className="mr-2 font-mono text-small text-soft">{server.baseUrl}</code>
            {server.models.map((model) => (
              <Button
                key={model}
                onClick={() => onAttach({ provider: server.provider, model, baseUrl: server.baseUrl })}
              >
                {say('attachThis', { name: model })}
              </Button>
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}
