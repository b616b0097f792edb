import type { LocalModel, LocalModelsAnswer } from '@myriad/contracts';
import { useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmByName } from '../../ui/dialog.tsx';
import { Card, Chip, type Tone } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { useWords } from '../../words/define-words.ts';
import { ConsentDialog } from './consent-dialog.tsx';
import { modelsWords } from './words.ts';

const busyMs = 1_000;
const idleMs = 15_000;
const passing: readonly LocalModel['state'][] = ['downloading', 'checking', 'starting'];

/** Models that can be downloaded to this node: what each is, consent, progress, running. */
export function LocalModels() {
  const say = useWords(modelsWords);
  const format = useFormat();
  const local = useApi(
    'GET /api/local-models',
    {},
    {
      refetchInterval: ({ state }) =>
        state.data?.items.some((item) => passing.includes(item.state)) ? busyMs : idleMs,
    },
  );
  const [asking, setAsking] = useState<LocalModel | null>(null);
  if (local.error) return <ProblemNote error={local.error} onRetry={() => void local.refetch()} />;
  if (!local.data) return null;
  const { items, install, runnerProblem, freeBytes } = local.data;
  return (
    <Card title={say('local')} note={freeBytes === null ? null : say('localFree', { free: format.bytes(freeBytes) })}>
      <p className="text-soft">{say('localUnder')}</p>
      {runnerProblem && (
        <p className="mt-2 text-small text-soft">{runnerProblem === 'not_installed' ? say('localInstall') : install}</p>
      )}
      <ul className="mt-2">
        {items.map((model) => (
          <Row key={model.name} model={model} runner={local.data.runner} onDownload={() => setAsking(model)} />
        ))}
      </ul>
      {asking && <ConsentDialog model={asking} answer={local.data} onClose={() => setAsking(null)} />}
    </Card>
  );
}

const tones: Readonly<Record<LocalModel['state'], Tone>> = {
  absent: 'idle',
  downloading: 'data',
  checking: 'data',
  ready: 'data',
  starting: 'wait',
  running: 'good',
  failed: 'bad',
};

function Row({
  model,
  runner,
  onDownload,
}: {
  readonly model: LocalModel;
  readonly runner: LocalModelsAnswer['runner'];
  readonly onDownload: () => void;
}) {
  const say = useWords(modelsWords);
  const format = useFormat();
  const [deleting, setDeleting] = useState(false);
  const refresh = ['GET /api/local-models', 'GET /api/models'] as const;
  const start = useSend('POST /api/local-models/:name/start', refresh);
  const stop = useSend('POST /api/local-models/:name/stop', refresh);
  const remove = useSend('DELETE /api/local-models/:name', refresh);
  const { name, state, sizeBytes, receivedBytes, downloaded } = model;
  const send = { params: { name } };
  const onError = (error: unknown) => tell(sentenceOf(error));
  const unknown = say('localUnknown');
  const size = sizeBytes === null ? unknown : format.bytes(sizeBytes);
  const got = format.bytes(receivedBytes);
  const paused = !downloaded && receivedBytes > 0 && state === 'absent';
  const fetching = state === 'downloading' || state === 'checking';
  return (
    <li className="grid gap-1.5 border-t border-hair py-3 first:border-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-medium break-all">{name}</span>
            <Chip tone={tones[state]}>{paused ? say('local_paused', { got }) : say(`local_${state}`)}</Chip>
          </p>
          <p className="text-small text-soft">
            {say('localFacts', {
              size,
              licence: model.licence ?? unknown,
              context: model.contextTokens === null ? unknown : format.number(model.contextTokens),
              languages: model.languages.join(', ') || unknown,
            })}
            {' · '}
            {say(model.mirrored ? 'localMirror' : 'localFrom', { host: new URL(model.url).host })}
          </p>
        </div>
        <span className="flex flex-wrap items-center gap-1">
          {!downloaded && !fetching && (
            <Button onClick={onDownload}>{say(receivedBytes > 0 ? 'localGoOn' : 'localGet')}</Button>
          )}
          {fetching && (
            <Button busy={stop.isPending} onClick={() => stop.mutate(send, { onError })}>
              {say('localCancel')}
            </Button>
          )}
          {(state === 'ready' || (state === 'failed' && downloaded)) && (
            <Button disabled={!runner} busy={start.isPending} onClick={() => start.mutate(send, { onError })}>
              {say('localStart')}
            </Button>
          )}
          {(state === 'running' || state === 'starting') && (
            <Button busy={stop.isPending} onClick={() => stop.mutate(send, { onError })}>
              {say('localStop')}
            </Button>
          )}
          {(downloaded || paused) && (
            <Button look="quiet" onClick={() => setDeleting(true)}>
              {say('localDelete')}
            </Button>
          )}
        </span>
      </div>
      {fetching && (
        <div className="grid gap-1">
          <div
            role="progressbar"
            aria-label={say('localProgressName', { name })}
            aria-valuemin={0}
            aria-valuemax={100}
            {...(sizeBytes ? { 'aria-valuenow': Math.floor((100 * receivedBytes) / sizeBytes) } : {})}
            className="h-1.5 overflow-hidden rounded-full bg-hair"
          >
            <div
              className="h-full bg-data"
              style={{ width: `${sizeBytes ? (100 * receivedBytes) / sizeBytes : 0}%` }}
            />
          </div>
          <p className="text-small text-soft tabular-nums">
            {model.bytesPerSecond === null
              ? say('localProgress', { got, size })
              : say('localSpeed', { got, size, speed: format.bytes(model.bytesPerSecond) })}
          </p>
        </div>
      )}
      {model.reason && (
        <p role="status" className="text-bad">
          {model.reason.message}
        </p>
      )}
      <ConfirmByName
        open={deleting}
        onClose={() => setDeleting(false)}
        title={say('localDelete')}
        consequence={say('localDeleteWhat', { name, size: downloaded ? size : got })}
        name={name}
        action={say('localDelete')}
        onConfirm={() => remove.mutate(send, { onError })}
      />
    </li>
  );
}
