import type { ChatMessage, FinishReason, ModelEvent, ReasoningPart, ToolCall } from '@myriad/contracts';

/** What one call of a model said, gathered from its events (choice 0). */
export interface Round {
  push(event: ModelEvent): void;
  readonly text: string;
  readonly finish: FinishReason | null;
  readonly toolCalls: readonly ToolCall[];
  /** The answer as a message, to send back with the tools' results; reasoning is replayed verbatim. */
  message(): ChatMessage;
}

interface Fragments {
  id: string;
  name: string;
  argumentsJson: string;
}

/** Joins fragments: text, signed reasoning blocks, and tool calls whose pieces may come interleaved and without id. */
export function gatherRound(): Round {
  let text = '';
  let refusal = '';
  let finish: FinishReason | null = null;
  const reasoning: { text: string; signature?: string; encrypted?: string }[] = [];
  const calls = new Map<number, Fragments>();

  function pushReasoning(event: Extract<ModelEvent, { type: 'reasoning' }>): void {
    const last = reasoning.at(-1);
    // A signature closes a block; what follows is another.
    const block = last && last.signature === undefined && last.encrypted === undefined ? last : { text: '' };
    if (block !== last) reasoning.push(block);
    block.text += event.text;
    if (event.signature !== undefined) block.signature = event.signature;
    if (event.encrypted !== undefined) block.encrypted = event.encrypted;
  }

  function pushCall(event: Extract<ModelEvent, { type: 'toolCall' }>): void {
    const call = calls.get(event.index) ?? { id: '', name: '', argumentsJson: '' };
    calls.set(event.index, call);
    if (event.id) call.id = event.id;
    if (event.name) call.name = event.name;
    call.argumentsJson += event.argumentsDelta;
  }

  const toolCalls = (): ToolCall[] =>
    [...calls.entries()]
      .sort(([left], [right]) => left - right)
      .map(([index, call]) => ({ ...call, id: call.id || `call_${index}` }));

  return {
    push(event) {
      if ('choice' in event && event.choice !== 0) return;
      if (event.type === 'text') text += event.text;
      else if (event.type === 'refusal') refusal += event.text;
      else if (event.type === 'reasoning') pushReasoning(event);
      else if (event.type === 'toolCall') pushCall(event);
      else if (event.type === 'finish') finish = event.reason;
    },
    get text() {
      return text;
    },
    get finish() {
      return finish;
    },
    get toolCalls() {
      return toolCalls();
    },
    message: () => ({
      role: 'assistant',
      content: text === '' ? [] : [{ type: 'text', text }],
      ...(reasoning.length > 0 ? { reasoning: reasoning as readonly ReasoningPart[] } : {}),
      ...(calls.size > 0 ? { toolCalls: toolCalls() } : {}),
      ...(refusal === '' ? {} : { refusal }),
    }),
  };
}
