/** A model's events under a guard: text is masked as it flows; tool calls are passed on whole, as their JSON must stay whole. */
import { isMyriadError, type ModelEvent } from '@myriad/contracts';
import type { Guard, Tally } from './create-guard.ts';
import type { StreamMask } from './stream-mask.ts';

type TextEvent = Extract<ModelEvent, { type: 'text' | 'refusal' | 'reasoning' }>;
type CallEvent = Extract<ModelEvent, { type: 'toolCall' }>;

interface OpenText {
  readonly event: TextEvent;
  readonly mask: StreamMask;
}

interface OpenCall {
  event: CallEvent;
  argumentsJson: string;
}

/** @throws MyriadError `policy_blocked`; the upstream call is stopped by it, and nothing that was held is shown. */
export async function* guardEvents(
  events: AsyncIterable<ModelEvent>,
  guard: Guard,
  tally: Tally,
): AsyncGenerator<ModelEvent, void> {
  const texts = new Map<string, OpenText>();
  const calls = new Map<string, OpenCall>();

  function* flush(choice: number | null): Generator<ModelEvent> {
    for (const [key, { event, mask }] of texts) {
      if (choice !== null && event.choice !== choice) continue;
      texts.delete(key);
      const text = mask.end();
      if (text !== '') yield { type: event.type, choice: event.choice, text };
    }
    for (const [key, { event, argumentsJson }] of calls) {
      if (choice !== null && event.choice !== choice) continue;
      calls.delete(key);
      yield { ...event, argumentsDelta: guard.cleanJson(argumentsJson, 'answer', tally) };
    }
  }

  try {
    for await (const event of events) {
      switch (event.type) {
        case 'text':
        case 'refusal':
        case 'reasoning': {
          const key = `${event.type}:${event.choice}`;
          let open = texts.get(key);
          if (!open) {
            open = { event, mask: guard.stream(tally) };
            texts.set(key, open);
          }
          const text = open.mask.push(event.text);
          // A signature closes a block of reasoning, and travels with it.
          const closes = event.type === 'reasoning' && (event.signature !== undefined || event.encrypted !== undefined);
          if (closes) {
            texts.delete(key);
            yield { ...event, text: text + open.mask.end() };
          } else if (text !== '') yield { ...event, text };
          break;
        }
        case 'toolCall': {
          const key = `${event.choice}:${event.index}`;
          const open = calls.get(key);
          if (!open) calls.set(key, { event, argumentsJson: event.argumentsDelta });
          else {
            open.event = {
              ...open.event,
              ...(event.id === undefined ? {} : { id: event.id }),
              ...(event.name === undefined ? {} : { name: event.name }),
            };
            open.argumentsJson += event.argumentsDelta;
          }
          break;
        }
        case 'citation': {
          const { citation } = event;
          yield { ...event, citation: { ...citation, quote: guard.clean(citation.quote, 'material', tally) } };
          break;
        }
        case 'logprobs':
          // They spell the answer out, token by token, as it was before the masks.
          break;
        case 'finish':
          yield* flush(event.choice);
          yield event;
          break;
        default:
          yield event;
      }
    }
  } catch (error) {
    if (isMyriadError(error) && error.code === 'policy_blocked') throw error;
    // What came before a cut is shown as it would have been.
    yield* flush(null);
    throw error;
  }
  yield* flush(null);
}
