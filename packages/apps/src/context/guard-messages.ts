import type { ChatMessage, ContentPart, Passage } from '@myriad/contracts';
import type { Guard, Tally } from '@myriad/kernel';

/**
 * A conversation under a policy: the person's words are masked or refused; earlier answers and the results of the
 * caller's own tools are masked.
 *
 * @throws MyriadError `policy_blocked` that names the kind of thing found, never the thing.
 */
export function guardMessages(guard: Guard, messages: readonly ChatMessage[], tally: Tally): readonly ChatMessage[] {
  return messages.map((message): ChatMessage => {
    const source = message.role === 'assistant' || message.role === 'tool' ? 'material' : 'message';
    const cleaned = <Part extends ContentPart>(part: Part): Part =>
      part.type === 'text' ? { ...part, text: guard.clean(part.text, source, tally) } : part;
    switch (message.role) {
      case 'assistant':
        return {
          ...message,
          content: message.content.map(cleaned),
          ...(message.toolCalls
            ? {
                toolCalls: message.toolCalls.map((call) => ({
                  ...call,
                  argumentsJson: guard.cleanJson(call.argumentsJson, source, tally),
                })),
              }
            : {}),
        };
      case 'user':
      case 'tool':
        return { ...message, content: message.content.map(cleaned) };
      default:
        return { ...message, content: message.content.map(cleaned) };
    }
  });
}

/** Passages as a model and a reader may see them. */
export function guardPassages(guard: Guard | null, passages: readonly Passage[], tally: Tally): readonly Passage[] {
  if (!guard) return passages;
  return passages.map((passage) => ({ ...passage, text: guard.clean(passage.text, 'material', tally) }));
}
