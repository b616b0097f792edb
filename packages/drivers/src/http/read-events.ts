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

/** Takes the bytes of one stream as they come and says which events they completed. */
export interface EventReader {
  /** @throws MyriadError `upstream_protocol` for an event without end. */
  feed(chunk: Uint8Array): readonly ServerEvent[];
  /** The bytes are over: a last event without its blank line still counts, as `unfinished`. */
  end(): readonly ServerEvent[];
}

/** One line may hold a whole base64 image; past this the peer is not speaking to us. */
const maxEventCharacters = 64 << 20;

/**
 * Reads events: comments and pings are skipped, CR, LF and CRLF all end a line, several `data:` lines are joined, and
 * UTF-8 may be cut anywhere.
 */
export function openEventReader(): EventReader {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let ready: ServerEvent[] = [];
  const parser = createParser({
    maxBufferSize: maxEventCharacters,
    onEvent: (event) => {
      ready.push({ name: event.event, data: event.data });
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded')
        throw new MyriadError('upstream_protocol', `One event is longer than ${maxEventCharacters} characters.`);
    },
  });
  const take = () => {
    const taken = ready;
    ready = [];
    return taken;
  };
  return {
    feed(chunk) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      return ready.length > 0 ? take() : ready;
    },
    end() {
      parser.feed(`${decoder.decode()}\n\n`);
      return take().map((event) => ({ ...event, unfinished: true }));
    },
  };
}

/** The same over a whole body, event by event. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = openEventReader();
  for await (const chunk of body) yield* reader.feed(chunk);
  yield* reader.end();
}
