import type { LocalModel, LocalModelsAnswer } from '@myriad/contracts';

let state: LocalModel['state'] = 'absent';
let receivedBytes = 0;

/** One model to download, whose progress moves on each look. */
export function mockLocalModels(): LocalModelsAnswer {
  const sizeBytes = 639_446_688;
  if (state === 'downloading') receivedBytes = Math.min(sizeBytes, receivedBytes + 80_000_000);
  if (receivedBytes === sizeBytes && state === 'downloading') state = 'ready';
  return {
    items: [
      {
        name: 'qwen3-0.6b',
        modelName: 'local/qwen3-0.6b',
        url: 'https://huggingface.co/Qwen/Qwen3-0.6B-GGUF',
        mirrored: false,
        sizeBytes,
        sha256: '9465e63a22add5354d9bb4b99e90117043c7124007664907259bd16d043bb031',
        licence: 'Apache-2.0',
        contextTokens: 32_768,
        languages: ['zh', 'en'],
        source: 'offered',
        facts: null,
        state,
        downloaded: state === 'ready' || state === 'running',
        receivedBytes,
        bytesPerSecond: state === 'downloading' ? 8_000_000 : null,
        reason: null,
        endpointId: null,
      },
    ],
    runner: { kind: 'llama-server', path: '/usr/local/bin/llama-server' },
    runnerProblem: null,
    install: null,
    folder: '/srv/myriad-data/models',
    freeBytes: 51_000_000_000,
    marginBytes: 536_870_912,
  };
}

export function mockLocalModel(next: LocalModel['state']): LocalModel {
  state = next;
  if (next === 'absent') receivedBytes = 0;
  const [model] = mockLocalModels().items;
  return model as LocalModel;
}
