/** Events of a streamed answer → server-sent frames of OpenAI's dialect. One for each answer, as it knows what began. */
import type { Citation, DirectEvent, FinishReason } from '@myriad/contracts';
import { type ChatHead, encodeChunk, encodeDelta, encodeRun, encodeUsage } from './encode-chat.ts';

type Framed = Exclude<DirectEvent, { type: 'error' }>;

export interface ChatFrames {
  /** Frames of one event, or '' when it has none of its own; `done` gives the last, `[DONE]` included. */
  encode(event: Framed): string;
}

/** @param includeUsage The caller asked for a chunk of its own with the usage; the others then say `usage: null`. */
export function chatFrames(head: ChatHead, includeUsage: boolean): ChatFrames {
  const usageField = includeUsage ? { usage: null } : {};
  const begun = new Set<number>();
  const citations: Citation[] = [];
  let finish: FinishReason | null = null;
  const frame = (choice: object | null, more: object) => `data: ${encodeChunk(head, choice, more)}\n\n`;
  // Pieces of text are nearly all of an answer and differ in the text alone.
  const [beforeText, afterText] = frame({ index: 0, delta: { content: '' }, finish_reason: null }, usageField).split(
    '"content":""',
  ) as [string, string];

  const begin = (choice: number): string => {
    if (begun.has(choice)) return '';
    begun.add(choice);
    return frame(
      { index: choice, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null },
      usageField,
    );
  };

  return {
    encode(event) {
      switch (event.type) {
        case 'done': {
          const own = { myriad: encodeRun(event.run, citations, finish) };
          // Usage has a chunk of its own when it was asked for; Myriad's field goes with the last chunk either way.
          const last = frame(null, includeUsage ? { usage: encodeUsage(event.run.usage), ...own } : own);
          return `${begin(0)}${last}data: [DONE]\n\n`;
        }
        case 'citation':
          citations.push(event.citation);
          return '';
        case 'restart':
          return '';
        case 'text':
          if (event.choice === 0) return `${begin(0)}${beforeText}"content":${JSON.stringify(event.text)}${afterText}`;
          break;
        case 'finish':
          if (event.choice === 0) finish = event.reason;
          break;
      }
      const delta = encodeDelta(event);
      return delta ? begin(delta.index) + frame(delta, usageField) : '';
    },
  };
}
