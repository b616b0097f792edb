/**
 * What the node and its parser process say to each other: frames of a 4-byte big-endian length and that much JSON. A job
 * frame is followed by the raw bytes of the file. The process is not trusted: the node checks that what it reads
 * lies within the text.
 */
export interface ParseJob {
  readonly documentId: string;
  readonly name: string;
  readonly mediaType: string | null;
  readonly sizeBytes: number;
}

export interface WirePassage {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly page: number | null;
  readonly headings: readonly string[];
  /** Words joined by one space each; none holds one. */
  readonly words: string;
}

export type ParserAnswer =
  /** Said once, when the process has started: the time a file may take begins after it. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'passages'; readonly passages: readonly WirePassage[] }
  | {
      readonly kind: 'done';
      readonly mediaType: string;
      readonly language: string | null;
      readonly pages: number | null;
      readonly pageStarts: readonly number[];
      readonly remark: string | null;
    }
  | { readonly kind: 'failed'; readonly code: 'parse_failed' | 'parse_limit'; readonly reason: string };

export function frame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

/** Largest frame that is read; a longer one is a fault of the other side. */
const largestFrame = 64 * 1024 * 1024;

/** Reads exact numbers of bytes from a stream of chunks of any size. */
export function frameReader(chunks: AsyncIterable<Uint8Array>) {
  const source = chunks[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  /** Fills `into`; false when the stream ended before its first byte. */
  const fill = async (into: Uint8Array): Promise<boolean> => {
    let filled = 0;
    while (filled < into.length) {
      if (held.length === 0) {
        const next = await source.next();
        if (next.done) {
          if (filled === 0) return false;
          throw new Error('the stream ended inside a frame');
        }
        held = next.value;
        continue;
      }
      const part = held.subarray(0, into.length - filled);
      into.set(part, filled);
      filled += part.length;
      held = held.subarray(part.length);
    }
    return true;
  };
  return {
    fill,
    /** The next message, or null at the end. */
    async message(): Promise<unknown> {
      const head = Buffer.alloc(4);
      if (!(await fill(head))) return null;
      const length = head.readUInt32BE();
      if (length > largestFrame) throw new Error(`a frame of ${length} bytes`);
      const body = Buffer.alloc(length);
      if (length > 0) await fill(body);
      return JSON.parse(body.toString('utf8'));
    },
  };
}
