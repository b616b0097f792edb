import type { QuantumFailure, QuantumProgress, QuantumRequest, QuantumResult } from '@myriad/contracts';
import { useEffect, useRef, useState } from 'react';
import { myriad } from '../../api/client.ts';
import { sentenceOf } from '../../ui/problem-note.tsx';
import { browserLimits, type FromWorker, startWorker } from './quantum-messages.ts';

export type Place = 'browser' | 'node';

export type CircuitRun =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly progress: QuantumProgress }
  | { readonly status: 'done'; readonly result: QuantumResult }
  | { readonly status: 'failed'; readonly failure: QuantumFailure }
  | { readonly status: 'stopped' };

const unknown: QuantumProgress = { ratio: null, remainingMs: null };
const askMs = 300;
const failed = (code: string, message: string): CircuitRun => ({
  status: 'failed',
  failure: { code, message, line: null, column: null },
});

/** One run at a time, here or on the node. Leaving the page stops it. */
export function useCircuitRun(): {
  readonly run: CircuitRun;
  start(request: QuantumRequest, place: Place): void;
  stop(): void;
} {
  const [run, setRun] = useState<CircuitRun>({ status: 'idle' });
  const end = useRef<(() => void) | null>(null);
  useEffect(() => () => end.current?.(), []);
  const finish = (outcome: CircuitRun) => {
    end.current?.();
    end.current = null;
    setRun(outcome);
  };
  return {
    run,
    start(request, place) {
      finish({ status: 'running', progress: unknown });
      end.current = (place === 'browser' ? inBrowser : onNode)(
        request,
        (progress) => setRun({ status: 'running', progress }),
        finish,
      );
    },
    stop: () => finish({ status: 'stopped' }),
  };
}

type Follow = (
  request: QuantumRequest,
  onProgress: (progress: QuantumProgress) => void,
  finish: (outcome: CircuitRun) => void,
) => () => void;

const inBrowser: Follow = (request, onProgress, finish) => {
  const worker = startWorker();
  const timer = setTimeout(
    () => finish(failed('deadline', `It was stopped after ${browserLimits.maxSeconds} s.`)),
    browserLimits.maxSeconds * 1000,
  );
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'progress') onProgress(data.progress);
    else if (data.kind === 'done') finish({ status: 'done', result: data.result });
    else if (data.kind === 'failed') finish({ status: 'failed', failure: data.failure });
  };
  worker.onerror = (event) => finish(failed('internal', event.message || 'The worker could not be started.'));
  worker.postMessage({ kind: 'run', request });
  return () => {
    clearTimeout(timer);
    worker.terminate();
  };
};

const onNode: Follow = (request, onProgress, finish) => {
  let id: string | null = null;
  let over = false;
  const follow = async () => {
    let job = await myriad.call('POST /api/quantum/run', { body: request });
    id = job.id;
    if (over) return drop();
    while (job.status === 'running') {
      onProgress(job.progress);
      await new Promise((resolve) => setTimeout(resolve, askMs));
      if (over) return;
      job = await myriad.call('GET /api/quantum/run/:id', { params: { id } });
    }
    id = null;
    if (over) return;
    if (job.result) finish({ status: 'done', result: job.result });
    else if (job.failure) finish({ status: 'failed', failure: job.failure });
    else finish({ status: 'stopped' });
  };
  const drop = () => {
    if (id !== null) myriad.call('DELETE /api/quantum/run/:id', { params: { id } }).catch(() => {});
  };
  follow().catch((error: unknown) => {
    if (!over) finish(failed('internal', sentenceOf(error)));
  });
  return () => {
    over = true;
    drop();
  };
};
