import { failureOf, inspectCircuit, runCircuit } from '@myriad/builtin/quantum';
import { browserLimits, type FromWorker, type ToWorker } from './quantum-messages.ts';

const scope = globalThis as unknown as {
  onmessage: (event: { readonly data: ToWorker }) => void;
  postMessage: (message: FromWorker) => void;
};
const progressMs = 100;

scope.onmessage = ({ data }) => {
  if (data.kind === 'inspect') {
    const inspected = inspectCircuit(data.source, browserLimits.maxBytes);
    scope.postMessage({ kind: 'inspected', id: data.id, inspected });
    return;
  }
  let toldAt = 0;
  runCircuit(data.request, {
    limits: browserLimits,
    workers: data.request.what === 'amplitude' ? Math.min(4, Math.max(1, (navigator.hardwareConcurrency ?? 2) - 1)) : 0,
    onProgress: (progress) => {
      if (performance.now() - toldAt < progressMs) return;
      toldAt = performance.now();
      scope.postMessage({ kind: 'progress', progress });
    },
  }).then(
    (result) => scope.postMessage({ kind: 'done', result }),
    (error: unknown) => scope.postMessage({ kind: 'failed', failure: failureOf(error) }),
  );
};
