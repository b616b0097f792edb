import {
  type Apps,
  type Capability,
  type ChatRequest,
  type Clock,
  type DirectEvent,
  type Kernel,
  newId,
  type Random,
} from '@myriad/contracts';
import { createGuard, type GuardPolicy, guardEvents, type Tally } from '@myriad/kernel';
import { guardMessages } from '../context/guard-messages.ts';
import { type Account, accountOf, priceOf, settleFailed } from './open-account.ts';
import { problemOf } from './problem-of.ts';
import { openTrace } from './trace.ts';

/** App under which runs of a base model without an app are booked. */
export const directAppId = 'direct';

export interface ModelWiring {
  readonly kernel: Kernel;
  readonly clock: Clock;
  readonly random: Random;
  /** The node's own policy. */
  readonly policy?: GuardPolicy;
}

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

/** A base model without an app, under the same account. Never throws: the last group ends with `done` or `error`. */
export async function* runModelBatches(
  { kernel, clock, random, policy }: ModelWiring,
  request: ModelRequest,
): AsyncGenerator<readonly DirectEvent[], void> {
  const { caller, model } = request;
  const runId = newId('run', clock, random);
  const trace = openTrace(clock);
  let account: Account | null = null;
  const guard = policy ? createGuard(policy) : null;
  try {
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
      ...priceOf(request.priceRatio, trace),
      budgets: [],
      limits: { requestsPerMinute: null, tokensPerMinute: null, parallel: null, deadlineMs: null },
      cache: { exact: false, ttlMs: 0 },
    });
    account = accountOf(run, trace);
    const need = { capabilities: capabilitiesOf(request.chat), optimize: 'balanced' as const, model };
    const { chat, stream, signal } = request;
    if (guard) {
      const messages = await trace.time('policy', 'input policy', (detail) =>
        guardMessages(guard, chat.messages, detail as Tally),
      );
      const events = run.chat({ request: { ...chat, messages }, need, stream, signal });
      const masked = trace.follow('policy', 'output policy', (tally) => guardEvents(events, guard, tally as Tally));
      for await (const event of masked) yield [event];
    } else yield* run.chatBatches({ request: chat, need, stream, signal });
    await request.beforeSettle?.({ runId, finish: null });
    yield [{ type: 'done', run: await account.close('ok', null) }];
  } catch (cause) {
    yield [{ type: 'error', problem: problemOf(await settleFailed(account, cause), runId) }];
  } finally {
    if (account && !account.settled) await account.close('aborted', 'aborted').catch(() => undefined);
  }
}

/** The same, event by event. */
export async function* runModel(parts: ModelWiring, request: ModelRequest): AsyncGenerator<DirectEvent, void> {
  for await (const batch of runModelBatches(parts, request)) yield* batch;
}
