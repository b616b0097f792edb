import type { Capability, ModelEndpoint } from '@myriad/contracts';
import { endpointFromRequest } from '@myriad/drivers';
import type { Runner } from './find-runner.ts';
import type { DownloadableModel } from './list-models.ts';

export interface LocalEndpointOptions {
  readonly id: string;
  readonly model: DownloadableModel;
  readonly runner: Runner['kind'];
  readonly baseUrl: string;
  readonly contextTokens: number;
}

/** The endpoint of a model that runs here. Of an own entry only what the operator said is known. */
export function localEndpoint(options: LocalEndpointOptions): ModelEndpoint {
  const { id, model, runner, baseUrl, contextTokens } = options;
  const capabilities: Capability[] = ['chat', 'generate'];
  if (model.languages.includes('zh')) capabilities.push('zh');
  // The offered models call tools and think; node-llama-cpp's bridge here passes on text only.
  if (runner === 'llama-server' && model.source === 'offered') capabilities.push('tools', 'json', 'reasoning');
  return {
    ...endpointFromRequest(
      {
        provider: 'llama-server',
        model: model.name,
        name: `local/${model.name}`,
        baseUrl,
        capabilities,
        concurrency: 1,
      },
      { id },
    ),
    contextTokens,
  };
}
