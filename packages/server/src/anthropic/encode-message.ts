/**
 * Model events → Anthropic's typed stream events, or the whole message. Source of the shape: Anthropic API reference,
 * "Messages" and "Streaming messages". Each piece of text, thinking or tool use is one content block, opened and closed in
 * order; only one block is open at a time, so interleaved tool fragments are held back until their turn.
 */
import type { FinishReason, ModelEvent, Usage } from '@myriad/contracts';

export interface WireEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

const stopReasons: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  toolCalls: 'tool_use',
  contentFilter: 'refusal',
  error: 'end_turn',
  notFound: 'end_turn',
};

/** In this dialect `input_tokens` leaves cached tokens out; ours counts them in. */
export function encodeAnthropicUsage(usage: Usage): Record<string, number> {
  return {
    input_tokens: Math.max(0, usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens),
    output_tokens: usage.outputTokens,
    cache_read_input_tokens: usage.cachedInputTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
  };
}

interface Block {
  readonly kind: 'text' | 'thinking' | 'redacted' | 'tool';
  readonly index: number;
  text: string;
  signature: string;
  id: string;
  name: string;
}

interface ToolFragment {
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  readonly argumentsDelta: string;
}

export interface MessageEncoder {
  /** Wire events that this model event gives rise to. */
  add(event: ModelEvent): WireEvent[];
  /** The last events, once the usage is settled. */
  end(usage: Usage, more: object): WireEvent[];
  /** The whole message, for a plain answer. */
  message(usage: Usage, more: object): Record<string, unknown>;
}

export function createMessageEncoder(head: { readonly id: string; readonly model: string }): MessageEncoder {
  const blocks: Block[] = [];
  const tools = new Map<number, Block>();
  const waiting = new Map<number, { readonly id: string; readonly name: string; readonly text: string }>();
  let open: Block | null = null;
  let finish: FinishReason = 'stop';

  const close = (): WireEvent[] => {
    if (!open) return [];
    const { index } = open;
    open = null;
    return [{ type: 'content_block_stop', index }];
  };
  const start = (kind: Block['kind'], id = '', name = '', data = ''): { block: Block; events: WireEvent[] } => {
    const block: Block = { kind, index: blocks.length, text: data, signature: '', id, name };
    blocks.push(block);
    const shapes = {
      text: { type: 'text', text: '' },
      thinking: { type: 'thinking', thinking: '', signature: '' },
      redacted: { type: 'redacted_thinking', data },
      tool: { type: 'tool_use', id, name, input: {} },
    };
    const events = [...close(), { type: 'content_block_start', index: block.index, content_block: shapes[kind] }];
    open = block;
    return { block, events };
  };
  const writeTo = (kind: 'text' | 'thinking', text: string, signature = ''): WireEvent[] => {
    const events: WireEvent[] = [];
    let block = open;
    // A signature ends its thinking: what is thought after it is a block of its own.
    if (block?.kind !== kind || (kind === 'thinking' && text !== '' && block.signature !== '')) {
      const begun = start(kind);
      block = begun.block;
      events.push(...begun.events);
    }
    block.text += text;
    block.signature += signature;
    if (text)
      events.push({
        type: 'content_block_delta',
        index: block.index,
        delta: kind === 'text' ? { type: 'text_delta', text } : { type: 'thinking_delta', thinking: text },
      });
    if (signature)
      events.push({ type: 'content_block_delta', index: block.index, delta: { type: 'signature_delta', signature } });
    return events;
  };

  /** Calls that came while another call's arguments were still open, whole. */
  const flushWaiting = (): WireEvent[] => {
    const events: WireEvent[] = [];
    for (const [index, held] of waiting) {
      waiting.delete(index);
      events.push(...addToolFragment({ index, id: held.id, name: held.name, argumentsDelta: held.text }, true));
    }
    return events;
  };
  const addToolFragment = (fragment: ToolFragment, now = false): WireEvent[] => {
    const begun = tools.get(fragment.index);
    const events: WireEvent[] = [];
    let block = begun;
    if (!block) {
      const isOpen = open?.kind === 'tool' && !isWhole(open.text);
      if (!now && (isOpen || waiting.has(fragment.index))) {
        const held = waiting.get(fragment.index) ?? { id: '', name: '', text: '' };
        waiting.set(fragment.index, {
          id: fragment.id ?? held.id,
          name: fragment.name ?? held.name,
          text: held.text + fragment.argumentsDelta,
        });
        return [];
      }
      const started = start('tool', fragment.id ?? '', fragment.name ?? '');
      block = started.block;
      tools.set(fragment.index, block);
      events.push(...started.events);
    }
    block.text += fragment.argumentsDelta;
    if (fragment.argumentsDelta)
      events.push({
        type: 'content_block_delta',
        index: block.index,
        delta: { type: 'input_json_delta', partial_json: fragment.argumentsDelta },
      });
    return events;
  };

  return {
    add(event) {
      switch (event.type) {
        case 'text':
        case 'refusal':
          return event.choice === 0 && event.text ? writeTo('text', event.text) : [];
        case 'reasoning':
          if (event.choice !== 0) return [];
          return event.encrypted === undefined
            ? writeTo('thinking', event.text, event.signature)
            : start('redacted', '', '', event.encrypted).events;
        case 'toolCall':
          return event.choice === 0 ? addToolFragment(event) : [];
        case 'finish':
          if (event.choice === 0) finish = event.reason;
          return [];
        default:
          return [];
      }
    },
    end(usage, more) {
      return [
        ...flushWaiting(),
        ...close(),
        {
          type: 'message_delta',
          delta: { stop_reason: stopReasons[finish], stop_sequence: null },
          usage: encodeAnthropicUsage(usage),
          ...more,
        },
        { type: 'message_stop' },
      ];
    },
    message(usage, more) {
      flushWaiting();
      return {
        id: head.id,
        type: 'message',
        role: 'assistant',
        model: head.model,
        content: blocks.map(encodeBlock),
        stop_reason: stopReasons[finish],
        stop_sequence: null,
        usage: encodeAnthropicUsage(usage),
        ...more,
      };
    },
  };
}

function encodeBlock(block: Block): Record<string, unknown> {
  if (block.kind === 'text') return { type: 'text', text: block.text };
  if (block.kind === 'thinking') return { type: 'thinking', thinking: block.text, signature: block.signature };
  if (block.kind === 'redacted') return { type: 'redacted_thinking', data: block.text };
  return { type: 'tool_use', id: block.id, name: block.name, input: parseArguments(block.text) };
}

/** Whether the arguments of a call are complete JSON, so that nothing more of them can come. */
function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A call that was cut off has arguments that are not JSON; they are handed on as text rather than lost. */
function parseArguments(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return { _incomplete: text };
  }
}
