/** The quirk table. A new provider is one file beside this one and one line here. */
import { MyriadError } from '@myriad/contracts';
import { ark } from './ark.ts';
import { azure } from './azure.ts';
import { custom } from './custom.ts';
import { dashscope } from './dashscope.ts';
import { deepseek } from './deepseek.ts';
import { hunyuan } from './hunyuan.ts';
import { llamaServer } from './llama-server.ts';
import { lmstudio } from './lmstudio.ts';
import { minimax } from './minimax.ts';
import { moonshot } from './moonshot.ts';
import { ollama } from './ollama.ts';
import { openai } from './openai.ts';
import { openrouter } from './openrouter.ts';
import { qianfan } from './qianfan.ts';
import type { Quirk } from './quirk.ts';
import { siliconflow } from './siliconflow.ts';
import { vllm } from './vllm.ts';
import { zhipu } from './zhipu.ts';

export const quirks: readonly Quirk[] = [
  qianfan,
  dashscope,
  deepseek,
  moonshot,
  zhipu,
  minimax,
  hunyuan,
  ark,
  siliconflow,
  openai,
  azure,
  openrouter,
  ollama,
  lmstudio,
  vllm,
  llamaServer,
  custom,
];

const byId = new Map(quirks.map((quirk) => [quirk.id, quirk]));

/** @throws MyriadError `not_found` for a provider that has no row. */
export function quirkOf(provider: string): Quirk {
  const quirk = byId.get(provider);
  if (!quirk)
    throw new MyriadError('not_found', `No provider ${provider}; known are ${[...byId.keys()].join(', ')}.`, {
      facts: { provider },
    });
  return quirk;
}
