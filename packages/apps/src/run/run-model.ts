import {
  type AppEvent,
  type Apps,
  type Capability,
  type ChatRequest,
  type Clock,
  type Kernel,
  MyriadError,
  newId,
  type Random,
} from '@myriad/contracts';
import { gatherRound } from './gather-round.ts';
import { type Account, accountOf, settleFailed } from './open-account.ts';
import { problemOf } from './problem-of.ts';
import { openTrace } from './trace.ts';

/** App under which runs of a base model without an app are booked. */
export const directAppId = 'direct';

type ModelRequest = Parameters<Apps['runModel']>[0];

function capabilitiesOf(chat: ChatRequest): Capability[] {
  const needs = new Set<Capability>(['chat']);
  if (chat.tools && chat.tools.length > 0) needs.add('tools');
  if (chat.responseFormat?.type === 'jsonSchema') needs.add('json');
  for (const part of chat.messages.flatMap(({ content }) => content)) {
    if (part.type === 'image') needs.add('vision');
    if (part.type === 'audio') needs.add('audio');
  }
  return [...needs];
}

/** A base model without an app, under the same account. Never throws: the stream ends with `done` or `error`. */
export async function* runModel(
  { kernel, clock, random }: { readonly kernel: Kernel; readonly clock: Clock; readonly random: Random },
  request: ModelRequest,
): AsyncGenerator<AppEvent, void> {
  const { caller, model } = request;
  const runId = newId('run', clock, random);
  const trace = openTrace(clock);
  let account: Account | null = null;
  try {
    if ((request.chat.choices ?? 1) > 1) {
      throw new MyriadError('unsupported', 'More than one choice a request is not supported here.', {
        facts: { field: 'n' },
      });
    }
    const run = await kernel.begin({
      runId,
      appId: directAppId,
      appName: model,
      version: null,
      tenant: request.tenant,
      surface: request.surface,
      personId: caller.personId,
      keyId: caller.keyId,
      assignment: { experiment: null, variant: 'treatment', reason: 'no_experiment', unit: null },
      delivered: 'treatment',
      conversationId: null,
      priority: request.priority ?? 'standard',
      stream: request.stream,
      budgets: [],
      limits: { requestsPerMinute: null, tokensPerMinute: null, parallel: null, deadlineMs: null },
      cache: { exact: false, ttlMs: 0 },
    });
    account = accountOf(run, trace);
    yield { type: 'run', runId, app: model, version: null, variant: 'treatment', reason: 'no_experiment' };
    const round = gatherRound();
    const need = { capabilities: capabilitiesOf(request.chat), optimize: 'balanced' as const, model };
    const { chat, stream, signal } = request;
    for await (const event of run.chat({ request: chat, need, stream, signal })) {
      round.push(event);
      if (event.type === 'start') {
        const served = run.servedBy;
        yield { type: 'model', model: served?.model ?? event.model, generates: served?.generates ?? true };
      } else if (event.type === 'text' || event.type === 'refusal' || event.type === 'reasoning') {
        if (event.text !== '') yield { type: event.type, text: event.text };
      } else if (event.type === 'citation') yield { type: 'citation', citation: event.citation };
    }
    for (const { id, name, argumentsJson } of round.toolCalls) yield { type: 'toolCall', id, name, argumentsJson };
    yield { type: 'done', run: await account.close('ok', null), finish: round.finish ?? 'stop' };
  } catch (cause) {
    yield { type: 'error', problem: problemOf(await settleFailed(account, cause), runId) };
  } finally {
    if (account && !account.settled) await account.close('aborted', 'aborted').catch(() => undefined);
  }
}
