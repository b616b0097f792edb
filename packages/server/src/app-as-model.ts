/** Events of an app's run → those of a model, so that an app answers on every dialect as a model does. */
import type { AppEvent, DirectEvent, FinishReason, ModelEvent } from '@myriad/contracts';

export interface AppEnding {
  /** Calls of the caller's own tools that nobody has answered. */
  readonly open: Map<string, { readonly name: string; readonly argumentsJson: string }>;
  /** What ends the answer: the calls handed out, and the finish. */
  events(finish: string): ModelEvent[];
}

export function appEnding(): AppEnding {
  const open: AppEnding['open'] = new Map();
  return {
    open,
    events: (finish) => [
      ...(finish === 'toolCalls' ? [...open] : []).map(([id, call], index) => ({
        type: 'toolCall' as const,
        choice: 0,
        index,
        id,
        name: call.name,
        argumentsDelta: call.argumentsJson,
      })),
      { type: 'finish', choice: 0, reason: finish as FinishReason },
    ],
  };
}

/**
 * Tools that the app ran itself stay inside; calls that nobody answered are the caller's own tools and are handed out at
 * the end.
 */
export async function* appAsModel(events: AsyncIterable<AppEvent>, ending = appEnding()): AsyncGenerator<DirectEvent> {
  const { open } = ending;
  for await (const event of events) {
    switch (event.type) {
      case 'text':
      case 'reasoning':
      case 'refusal':
        yield { ...event, choice: 0 };
        break;
      case 'citation':
        yield { type: 'citation', choice: 0, citation: event.citation };
        break;
      case 'toolCall':
        open.set(event.id, event);
        break;
      case 'toolResult':
        open.delete(event.id);
        break;
      case 'done': {
        yield* ending.events(event.finish);
        yield { type: 'done', run: event.run };
        break;
      }
      case 'restart':
      case 'error':
        yield event;
        break;
      default:
        break;
    }
  }
}
