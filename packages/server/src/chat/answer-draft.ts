/** An answer as it grows: folds events into the message that is stored. */
import type { AppEvent, Clock, ConversationMessage } from '@myriad/contracts';

export interface AnswerDraft {
  add(event: AppEvent): void;
  message(): ConversationMessage;
}

export function createAnswerDraft(first: ConversationMessage, clock: Pick<Clock, 'now'>): AnswerDraft {
  const startedAt = clock.now();
  let message = first;
  return {
    add(event) {
      message = fold(message, event, clock.now() - startedAt);
    },
    message: () => message,
  };
}

function fold(message: ConversationMessage, event: AppEvent, tookMs: number): ConversationMessage {
  switch (event.type) {
    case 'run':
      return { ...message, runId: event.runId };
    case 'model':
      return { ...message, model: event.model };
    case 'text':
      return { ...message, text: message.text + event.text };
    case 'refusal':
      return { ...message, text: message.text + event.text };
    case 'reasoning':
      return { ...message, reasoning: (message.reasoning ?? '') + event.text };
    case 'citation':
      return { ...message, citations: [...message.citations, event.citation] };
    case 'restart':
      return { ...message, text: '', reasoning: null, citations: [] };
    case 'toolCall':
      return {
        ...message,
        toolCalls: [
          ...message.toolCalls,
          { name: event.name, argumentsJson: event.argumentsJson, result: null, ok: true },
        ],
      };
    case 'toolResult': {
      const at = message.toolCalls.findIndex((call) => call.name === event.name && call.result === null);
      return {
        ...message,
        toolCalls: message.toolCalls.map((call, index) =>
          index === at ? { ...call, result: event.preview, ok: event.ok } : call,
        ),
      };
    }
    case 'error':
      return {
        ...message,
        status: event.problem.code === 'aborted' ? 'aborted' : 'error',
        errorCode: event.problem.code,
        errorText: event.problem.detail,
        tookMs,
      };
    case 'done':
      return {
        ...message,
        status: event.run.status,
        errorCode: event.run.errorCode,
        model: event.run.model ?? message.model,
        costMicros: event.run.costMicros,
        currency: event.run.currency,
        tookMs,
      };
    default:
      return message;
  }
}
