/** Our request as a body of Gemini's `generateContent`. */
import type { ChatRequest, ModelEndpoint, ToolChoice } from '@myriad/contracts';
import { compact } from '../dialect/json-value.ts';
import { writeContents } from './write-contents.ts';

/** Only fields that `generateContent` has are passed on; it refuses unknown ones. */
const knownFields = new Set(['safetySettings', 'cachedContent', 'labels', 'store', 'serviceTier']);

export function writeRequest(request: ChatRequest, endpoint: ModelEndpoint): Record<string, unknown> {
  const system = request.messages
    .flatMap((message) => (message.role === 'system' || message.role === 'developer' ? message.content : []))
    .map((part) => ({ text: part.text }));
  const tools = request.tools?.map((tool) =>
    compact({ name: tool.name, description: tool.description, parametersJsonSchema: tool.parameters }),
  );
  const config = writeConfig(request, endpoint);
  return {
    ...Object.fromEntries(Object.entries(request.extra ?? {}).filter(([name]) => knownFields.has(name))),
    ...compact({
      systemInstruction: system.length > 0 ? { parts: system } : undefined,
      contents: writeContents(request.messages),
      tools: tools && tools.length > 0 ? [{ functionDeclarations: tools }] : undefined,
      toolConfig:
        tools && request.toolChoice !== undefined
          ? { functionCallingConfig: writeToolChoice(request.toolChoice) }
          : undefined,
      generationConfig: Object.keys(config).length > 0 ? config : undefined,
    }),
  };
}

function writeConfig(request: ChatRequest, endpoint: ModelEndpoint): Record<string, unknown> {
  const format = request.responseFormat;
  return compact({
    temperature: request.temperature,
    topP: request.topP,
    maxOutputTokens: request.maxOutputTokens,
    stopSequences: request.stop && request.stop.length > 0 ? request.stop : undefined,
    seed: request.seed,
    candidateCount: (request.choices ?? 1) > 1 ? request.choices : undefined,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    responseLogprobs: request.logprobs || undefined,
    logprobs: request.logprobs ? request.topLogprobs : undefined,
    responseMimeType: format && format.type !== 'text' ? 'application/json' : undefined,
    responseJsonSchema: format?.type === 'jsonSchema' ? format.schema : undefined,
    thinkingConfig: writeThinking(request.reasoning, endpoint),
  });
}

/** Gemini 3 and later take a level; 2.5 takes a budget, 0 being off. */
function writeThinking(wish: ChatRequest['reasoning'], endpoint: ModelEndpoint): unknown {
  if (!wish) return undefined;
  const byBudget = /gemini-2\.5/.test(endpoint.upstreamModel);
  if (wish.effort === 'none') return byBudget ? { thinkingBudget: 0 } : { thinkingLevel: 'minimal' };
  if (wish.budgetTokens !== undefined) return { thinkingBudget: wish.budgetTokens, includeThoughts: true };
  if (byBudget) {
    const budgets = { minimal: 512, low: 1024, medium: 8192, high: 24_576 };
    return { thinkingBudget: wish.effort ? budgets[wish.effort] : -1, includeThoughts: true };
  }
  return compact({ thinkingLevel: wish.effort, includeThoughts: true });
}

function writeToolChoice(choice: ToolChoice): unknown {
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  return { mode: choice === 'none' ? 'NONE' : choice === 'required' ? 'ANY' : 'AUTO' };
}
