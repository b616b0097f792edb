import type { ChatAnswer, Citation, ModelEvent, ReasoningPart, ToolCall, Usage } from '@myriad/contracts';

/** All choices of a chat, gathered; `usage` is the last one said. */
export interface CollectedAnswer {
  readonly choices: readonly ChatAnswer[];
  readonly usage: Usage | null;
  readonly events: readonly ModelEvent[];
}

interface Draft {
  text: string;
  refusal: string | null;
  reasoning: ReasoningPart[];
  toolCalls: { id: string; name: string; argumentsJson: string }[];
  citations: Citation[];
  finish: ChatAnswer['finish'];
}

/**
 * Gathers events into whole answers. Reasoning fragments run together until a signature or encrypted form closes the part;
 * a signature of its own (no text) closes the part before it when that one is unsigned.
 */
export async function collectAnswer(
  events: AsyncIterable<ModelEvent> | Iterable<ModelEvent>,
): Promise<CollectedAnswer> {
  const drafts: Draft[] = [];
  const seen: ModelEvent[] = [];
  let usage: Usage | null = null;
  for await (const event of events) {
    seen.push(event);
    if (event.type === 'usage') usage = event.usage;
    if (event.type === 'usage' || event.type === 'start') continue;
    let draft = drafts[event.choice];
    if (!draft) {
      draft = { text: '', refusal: null, reasoning: [], toolCalls: [], citations: [], finish: null };
      drafts[event.choice] = draft;
    }
    addTo(draft, event);
  }
  return { choices: drafts as readonly ChatAnswer[], usage, events: seen };
}

function addTo(draft: Draft, event: Exclude<ModelEvent, { type: 'usage' | 'start' }>): void {
  switch (event.type) {
    case 'text':
      draft.text += event.text;
      break;
    case 'refusal':
      draft.refusal = (draft.refusal ?? '') + event.text;
      break;
    case 'citation':
      draft.citations.push(event.citation);
      break;
    case 'finish':
      draft.finish = event.reason;
      break;
    case 'reasoning':
      addReasoning(draft.reasoning, event);
      break;
    case 'toolCall':
      addToolCall(draft.toolCalls, event);
      break;
    default:
  }
}

function addReasoning(parts: ReasoningPart[], event: Extract<ModelEvent, { type: 'reasoning' }>): void {
  const last = parts.at(-1);
  const seal = {
    ...(event.signature === undefined ? {} : { signature: event.signature }),
    ...(event.encrypted === undefined ? {} : { encrypted: event.encrypted }),
  };
  const open = last && last.signature === undefined && last.encrypted === undefined;
  if (open) parts[parts.length - 1] = { text: last.text + event.text, ...seal };
  else parts.push({ text: event.text, ...seal });
}

function addToolCall(
  calls: { id: string; name: string; argumentsJson: string }[],
  event: Extract<ModelEvent, { type: 'toolCall' }>,
): void {
  const call = (calls[event.index] as ToolCall | undefined) ?? { id: '', name: '', argumentsJson: '' };
  calls[event.index] = {
    id: event.id ?? call.id,
    name: event.name ?? call.name,
    argumentsJson: call.argumentsJson + event.argumentsDelta,
  };
}
