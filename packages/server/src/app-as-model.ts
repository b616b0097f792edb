/** Events of an app's run → those of a model, so that an app answers on every dialect as a model does. */
import type { AppEvent, DirectEvent, FinishReason } from '@myriad/contracts';

/**
 * Tools that the app ran itself stay inside; calls that nobody answered are the caller's own tools and are handed out at
 * the end.
 */
export async function* appAsModel(events: AsyncIterable<AppEvent>): AsyncGenerator<DirectEvent> {
  const open = new Map<string, { readonly name: string; readonly argumentsJson: string }>();
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
        const handed = event.finish === 'toolCalls';
        if (handed) {
          let index = 0;
          for (const [id, call] of open)
            yield {
              type: 'toolCall',
              choice: 0,
              index: index++,
              id,
              name: call.name,
              argumentsDelta: call.argumentsJson,
            };
        }
        yield { type: 'finish', choice: 0, reason: event.finish as FinishReason };
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
