/** Prompts and answers as the GenAI conventions write them, for operators who opted in. Always masked. */
import type { ChatMessage, ChatRequest, ModelEvent } from '@myriad/contracts';
import { createGuard, type Guard, type GuardPolicy } from '@myriad/kernel';

/** Characters of a prompt, and of an answer, that a span takes. */
const mostCharacters = 32_768;

/** Gathers what a model writes as its first choice, up to the length that a span takes. */
export class AnswerText {
  text = '';
  finish: string | null = null;
  readonly tools = new Map<number, { id: string; name: string; argumentsJson: string }>();

  take(event: ModelEvent): void {
    if (!('choice' in event) || event.choice !== 0) return;
    if (event.type === 'text' && this.text.length < mostCharacters) this.text += event.text;
    else if (event.type === 'finish') this.finish = event.reason;
    else if (event.type === 'toolCall') {
      const tool = this.tools.get(event.index) ?? { id: '', name: '', argumentsJson: '' };
      this.tools.set(event.index, tool);
      tool.id ||= event.id ?? '';
      tool.name ||= event.name ?? '';
      if (tool.argumentsJson.length < mostCharacters) tool.argumentsJson += event.argumentsDelta;
    }
  }
}

/** The node's own policy, and at least masks: what leaves for a receiver never holds more than a masked run shows. */
export function contentGuard(policy: GuardPolicy): Guard {
  const atLeast = (mode: GuardPolicy['pii']) => (mode === 'allow' ? 'mask' : mode);
  return createGuard({ ...policy, pii: atLeast(policy.pii), secrets: atLeast(policy.secrets) }) as Guard;
}

/** Value of `gen_ai.input.messages`. Media and files are named, not sent. */
export function inputMessages(request: ChatRequest, guard: Guard): string {
  let left = mostCharacters;
  const clean = (text: string) => {
    const kept = guard.clean(text.slice(0, left), 'material', {});
    left = Math.max(0, left - text.length);
    return kept;
  };
  return JSON.stringify(request.messages.map((message) => ({ role: message.role, parts: partsOf(message, clean) })));
}

/** Value of `gen_ai.output.messages`. */
export function outputMessages(answer: AnswerText, guard: Guard): string {
  const parts: object[] = [];
  if (answer.text)
    parts.push({ type: 'text', content: guard.clean(answer.text.slice(0, mostCharacters), 'material', {}) });
  for (const { id, name, argumentsJson } of answer.tools.values())
    parts.push({ type: 'tool_call', id, name, arguments: guard.cleanJson(argumentsJson, 'material', {}) });
  return JSON.stringify([{ role: 'assistant', parts, finish_reason: answer.finish ?? 'error' }]);
}

function partsOf(message: ChatMessage, clean: (text: string) => string): object[] {
  const content = message.content.map((part) =>
    part.type === 'text' ? { type: 'text', content: clean(part.text) } : { type: part.type },
  );
  if (message.role === 'tool') return [{ type: 'tool_call_response', id: message.toolCallId, response: content }];
  if (message.role !== 'assistant') return content;
  const calls = (message.toolCalls ?? []).map(({ id, name, argumentsJson }) => ({
    type: 'tool_call',
    id,
    name,
    arguments: clean(argumentsJson),
  }));
  return [...content, ...calls];
}
