/** Server-sent events out of any slicing of bytes. */
import { MyriadError } from '@myriad/contracts';
import { createParser } from 'eventsource-parser';

export interface ServerEvent {
  /** The `event:` field, or undefined. */
  readonly name: string | undefined;
  readonly data: string;
  /** The bytes ended inside this event; it may be half of one. */
  readonly unfinished?: true;
}

/** One line may hold a whole base64 image; past this the peer is not speaking to us. */
const maxEventCharacters = 64 << 20;

/**
 * Reads events: comments and pings are skipped, CR, LF and CRLF all end a line, several `data:` lines are joined, UTF-8 may
 * be cut anywhere, and a last event without its blank line still counts.
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const ready: ServerEvent[] = [];
  const parser = createParser({
    maxBufferSize: maxEventCharacters,
    onEvent: (event) => ready.push({ name: event.event, data: event.data }),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded')
        throw new MyriadError('upstream_protocol', `One event is longer than ${maxEventCharacters} characters.`);
    },
  });
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (ready.length > 0) yield* ready.splice(0);
  }
  parser.feed(`${decoder.decode()}\n\n`);
  for (const event of ready.splice(0)) yield { ...event, unfinished: true };
}
