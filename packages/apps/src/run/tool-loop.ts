import {
  type AppEvent,
  type AppRunRequest,
  type Capability,
  type ChatMessage,
  type ChatRequest,
  type CompiledManifest,
  isMyriadError,
  type ModelEvent,
  MyriadError,
  type Passage,
  type ToolCall,
} from '@myriad/contracts';
import { flagInstructions, type Guard, guardEvents, type Tally } from '@myriad/kernel';
import { type CitedEvent, findCitations } from '../context/find-citations.ts';
import { markUntrusted } from '../context/mark-untrusted.ts';
import { callTool } from '../tools/call-tool.ts';
import type { Tool, ToolOutcome } from '../tools/tool.ts';
import { gatherRound, type Round } from './gather-round.ts';
import type { Account } from './open-account.ts';
import type { Trace } from './trace.ts';

export interface LoopWiring {
  readonly account: Account;
  readonly trace: Trace;
  readonly request: Pick<AppRunRequest, 'stream' | 'signal' | 'approve' | 'settings' | 'search'>;
  readonly manifest: CompiledManifest;
  /** Base model by decision or experiment; null for the router's choice. */
  readonly model: string | null;
  readonly chat: ChatRequest;
  readonly tools: ReadonlyMap<string, Tool>;
  /** Sources by number; `knowledge_search` may add to them while the loop runs. */
  readonly passages: readonly Passage[];
  readonly newApprovalId: () => string;
  /** What may pass; null when the policy allows everything. */
  readonly guard: Guard | null;
}

const previewCharacters = 500;

/** What the choice of a model should favour, by how much the person wants read. */
const optimizeFor = { speed: 'speed', balanced: 'balanced', quality: 'quality' } as const;

const isUnavailable = (error: unknown) => isMyriadError(error) && error.code === 'capability_unavailable';

/** Capabilities that the call cannot do without. */
function capabilitiesOf({ manifest, chat }: Pick<LoopWiring, 'manifest' | 'chat'>): Capability[] {
  const needs = new Set<Capability>(['chat', ...manifest.model.capabilities]);
  if (chat.responseFormat?.type === 'jsonSchema') needs.add('json');
  for (const { content } of chat.messages) {
    for (const part of content) {
      if (part.type === 'image') needs.add('vision');
      if (part.type === 'audio') needs.add('audio');
    }
  }
  // Tools that the caller brings must be callable; the app's own are offered to a model that can call them.
  if (chat.tools && chat.tools.length > 0) needs.add('tools');
  return [...needs];
}

/**
 * Model ↔ tools until the model answers, hands over to the caller's own tools, or the manifest's rounds are used up (then
 * it must answer without tools).
 *
 * @returns Why it ended.
 */
export async function* toolLoop(wiring: LoopWiring): AsyncGenerator<AppEvent, string> {
  const { manifest, request, trace, tools, guard } = wiring;
  const messages: ChatMessage[] = [...wiring.chat.messages];
  for (let round = 0; ; round += 1) {
    const mayCall = round < manifest.limits.toolRounds;
    const answer = yield* callModel(wiring, messages, mayCall);
    if (answer.toolCalls.length === 0) return answer.finish ?? 'stop';
    const own = answer.toolCalls.filter(({ name }) => tools.has(name));
    const foreign = answer.toolCalls.filter(({ name }) => isCallersTool(wiring, name));
    if (foreign.length > 0 || !mayCall) {
      // The caller's tools run at the caller: the turn ends here, and the app's own calls of it are dropped.
      for (const { id, name, argumentsJson } of foreign) yield { type: 'toolCall', id, name, argumentsJson };
      return foreign.length > 0 ? 'toolCalls' : (answer.finish ?? 'stop');
    }
    messages.push(answer.message());
    for (const call of answer.toolCalls) {
      yield { type: 'toolCall', id: call.id, name: call.name, argumentsJson: call.argumentsJson };
    }
    const denied = yield* askApprovals(wiring, own);
    const outcomes = await Promise.all(
      answer.toolCalls.map((call) =>
        trace.time('tool', call.name.slice(0, 64), async (detail) => {
          const raw = denied.get(call.id) ?? (await runCall(wiring, call));
          const masked: Tally = {};
          const outcome = guard ? { ...raw, text: guard.clean(raw.text, 'material', masked) } : raw;
          if (Object.keys(masked).length > 0) detail.masked = masked;
          detail.resultCharacters = outcome.text.length;
          detail.failed = outcome.isError;
          return { call, outcome };
        }),
      ),
    );
    for (const { call, outcome } of outcomes) {
      const preview = outcome.text.slice(0, previewCharacters);
      yield { type: 'toolResult', id: call.id, name: call.name, ok: !outcome.isError, preview };
      const mark = manifest.policy.untrusted === 'mark';
      const signs = mark && outcome.untrusted ? flagInstructions(outcome.text) : [];
      if (signs.length > 0) trace.add('guard', 'untrusted content', { from: `tool ${call.name.slice(0, 64)}`, signs });
      messages.push(resultMessage(call, outcome, mark));
    }
    if (request.signal.aborted) throw new MyriadError('aborted', 'The caller went away.');
  }
}

const isCallersTool = ({ chat, tools }: LoopWiring, name: string) =>
  !tools.has(name) && (chat.tools?.some((tool) => tool.name === name) ?? false);

async function runCall({ tools, request }: LoopWiring, call: ToolCall): Promise<ToolOutcome> {
  const tool = tools.get(call.name);
  if (!tool) return { text: `There is no tool ${call.name}.`, isError: true, untrusted: false };
  return callTool(tool, call, request.signal);
}

function resultMessage(call: ToolCall, outcome: ToolOutcome, mark: boolean): ChatMessage {
  const text = outcome.untrusted && mark ? markUntrusted(`tool ${call.name}`, outcome.text) : outcome.text;
  return { role: 'tool', toolCallId: call.id, content: [{ type: 'text', text }], isError: outcome.isError };
}

/** An answer, or `aborted` as soon as the caller goes away: a person may take days. */
function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new MyriadError('aborted', 'The caller went away.'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Asks a person for each call that needs it, one after another, before any call of the round runs. */
async function* askApprovals(
  { tools, request, account, trace, newApprovalId }: LoopWiring,
  calls: readonly ToolCall[],
): AsyncGenerator<AppEvent, ReadonlyMap<string, ToolOutcome>> {
  const denied = new Map<string, ToolOutcome>();
  for (const { id, name, argumentsJson } of calls) {
    if (tools.get(name)?.approval !== 'always') continue;
    if (!request.approve) {
      throw new MyriadError(
        'approval_required',
        `${name} runs only after a person approves it, and nobody is there to.`,
        {
          facts: { tool: name },
        },
      );
    }
    const approvalId = newApprovalId();
    yield { type: 'approval', approvalId, name, argumentsJson };
    const question = request.approve({ runId: account.run.runId, approvalId, tool: name, argumentsJson });
    const approved = await trace.time('guard', 'approval', async (detail) => {
      detail.tool = name.slice(0, 64);
      detail.approved = await unlessAborted(question, request.signal);
      return detail.approved;
    });
    if (!approved) denied.set(id, { text: 'A person refused this call.', isError: true, untrusted: false });
  }
  return denied;
}

/**
 * One call of a model. The app's tools are offered to a model that can call them; where only models without tools are
 * attached, and the manifest does not demand tools, the app answers without.
 */
async function* callModel(
  wiring: LoopWiring,
  messages: readonly ChatMessage[],
  mayCall: boolean,
): AsyncGenerator<AppEvent, Round> {
  const needs = capabilitiesOf(wiring);
  const definitions = [...wiring.tools.values()].map(({ definition }) => definition);
  const plain: ChatRequest = { ...wiring.chat, messages };
  if (definitions.length === 0) return yield* stream(wiring, plain, needs, mayCall);
  const callers = (wiring.chat.tools ?? []).filter(({ name }) => !wiring.tools.has(name));
  const offered = [...definitions, ...callers];
  const withTools: ChatRequest = { ...plain, tools: offered, ...(mayCall ? {} : { toolChoice: 'none' as const }) };
  try {
    return yield* stream(wiring, withTools, [...new Set<Capability>([...needs, 'tools'])], mayCall);
  } catch (error) {
    if (!isUnavailable(error) || needs.includes('tools')) throw error;
    wiring.trace.add('model', 'without tools', { reason: 'no attached model can call tools' });
    return yield* stream(wiring, plain, needs, mayCall);
  }
}

async function* stream(
  { account, trace, request, manifest, model, passages, guard }: LoopWiring,
  chat: ChatRequest,
  capabilities: readonly Capability[],
  mayCall: boolean,
): AsyncGenerator<AppEvent, Round> {
  const round = gatherRound();
  const end = trace.begin('model', 'model call');
  const finder = findCitations(passages);
  let generates = true;
  let ok = false;
  let called = true;
  let blocked = false;
  const masked: Tally = {};
  try {
    const said = account.run.chat({
      request: chat,
      need: {
        capabilities,
        optimize: request.search ? optimizeFor[request.search.depth] : manifest.model.optimize,
        ...(model === null ? {} : { model }),
      },
      stream: request.stream,
      signal: request.signal,
    });
    const events = guard ? guardEvents(keepReasoning(said, round), guard, masked) : said;
    for await (const event of events) {
      if (!guard || event.type !== 'reasoning') round.push(event);
      if (event.type === 'start') {
        const served = account.run.servedBy;
        generates = served?.generates ?? true;
        yield { type: 'model', model: served?.model ?? event.model, generates };
        continue;
      }
      const shown = shownEvent(event);
      if (shown?.type === 'text' && generates) {
        for (const found of finder.push(shown.text)) yield shownCited(guard, found, masked);
      } else if (shown) yield shown;
    }
    for (const found of finder.end()) yield shownCited(guard, found, masked);
    ok = true;
    return round;
  } catch (error) {
    // No model could be called at all: that is no step of the run.
    called = !isUnavailable(error);
    blocked = isMyriadError(error) && error.code === 'policy_blocked';
    throw error;
  } finally {
    const toolCalls = mayCall ? round.toolCalls.length : 0;
    const write = called ? end : () => undefined;
    write(ok, {
      model: account.run.servedBy?.model ?? null,
      finish: round.finish,
      toolCalls,
      messages: chat.messages.length,
    });
    if (guard && (blocked || Object.keys(masked).length > 0))
      trace.begin('policy', 'output policy')(!blocked, blocked ? { ...masked, code: 'policy_blocked' } : masked);
  }
}

/** Reasoning goes back to its model as it came: its signature covers every character. */
async function* keepReasoning(events: AsyncIterable<ModelEvent>, round: Round): AsyncGenerator<ModelEvent> {
  for await (const event of events) {
    if (event.type === 'reasoning') round.push(event);
    yield event;
  }
}

function shownCited(guard: Guard | null, event: CitedEvent, masked: Tally): AppEvent {
  if (!guard || event.type !== 'citation') return event;
  const { citation } = event;
  return { type: 'citation', citation: { ...citation, quote: guard.clean(citation.quote, 'material', masked) } };
}

/** What of a model's events the reader sees as it comes; tool calls follow when they are whole. */
function shownEvent(event: ModelEvent): AppEvent | null {
  if (!('choice' in event) || event.choice !== 0) return null;
  if (event.type === 'text') return { type: 'text', text: event.text };
  if (event.type === 'reasoning') return event.text === '' ? null : { type: 'reasoning', text: event.text };
  if (event.type === 'citation') return { type: 'citation', citation: event.citation };
  if (event.type === 'refusal') return { type: 'refusal', text: event.text };
  return null;
}
