/** Embeddings for retrieval, as runs of the kernel: metered, held to budgets, in the ledger like every other call. */
import { type Clock, type Embedder, type Kernel, MyriadError, newId, type Random } from '@myriad/contracts';
import { tenant } from '../house.ts';
import type { ModelDesk } from '../models/model-desk.ts';

/** Name under which embedding of passages and questions is booked. */
const bookedAs = 'knowledge';

export function kernelEmbedder(deps: {
  readonly kernel: Kernel;
  readonly models: Pick<ModelDesk, 'list'>;
  readonly clock: Clock;
  readonly random: Random;
  /** The model to use; the first that embeds unless said. */
  readonly wanted: string | undefined;
}): Embedder {
  const { kernel, models, clock, random, wanted } = deps;
  const model = (): string | null =>
    models
      .list()
      .find(
        ({ enabled, capabilities, name }) =>
          enabled && capabilities.includes('embed') && (wanted === undefined || name === wanted),
      )?.name ?? null;
  return {
    model,
    async embed(texts, use, signal) {
      const name = model();
      if (name === null) throw new MyriadError('capability_unavailable', 'No model that embeds is attached.');
      const run = await kernel.begin({
        runId: newId('run', clock, random),
        appId: 'direct',
        appName: bookedAs,
        version: null,
        tenant,
        surface: 'system',
        personId: null,
        keyId: null,
        assignment: { experiment: null, variant: 'direct', reason: 'no_experiment', unit: null },
        delivered: 'direct',
        conversationId: null,
        priority: use === 'question' ? 'interactive' : 'batch',
        stream: false,
        budgets: [],
        limits: { requestsPerMinute: null, tokensPerMinute: null, parallel: null, deadlineMs: null },
        cache: { exact: false, ttlMs: 0 },
      });
      try {
        const result = await run.embed(
          { inputs: texts },
          { capabilities: ['embed'], optimize: use === 'question' ? 'speed' : 'cost', model: name },
          signal,
        );
        await run.settle({ status: 'ok', errorCode: null, steps: [] });
        return { vectors: result.vectors };
      } catch (error) {
        const code = error instanceof MyriadError ? error.code : 'internal';
        await run.settle({ status: code === 'aborted' ? 'aborted' : 'error', errorCode: code, steps: [] });
        throw error;
      }
    },
  };
}
