/**
 * Chunks of one answer differ in the text alone, so after one has been parsed the next ones are compared with it: the same
 * characters before and after, and between them a JSON string that needs no unescaping. That is the same object with
 * another text, without parsing it again.
 */
export interface TextTemplate {
  /** The text of a chunk that fits, or null. */
  read(data: string): string | null;
  /** Remembers a chunk that held this text and nothing else to read. */
  learn(data: string, text: string): void;
}

/** A server whose chunks differ in more (a time in each, say) is not tried for ever. */
const mostLessons = 8;

export function textTemplate(): TextTemplate {
  let before = '';
  let after = '';
  let lessons = 0;
  return {
    read(data) {
      if (before === '' || data.length < before.length + after.length) return null;
      if (!data.startsWith(before) || !data.endsWith(after)) return null;
      const text = data.slice(before.length, data.length - after.length);
      return text.includes('"') || text.includes('\\') ? null : text;
    },
    learn(data, text) {
      if (lessons >= mostLessons) return;
      lessons += 1;
      before = '';
      const written = JSON.stringify(text);
      const at = data.indexOf(written);
      // The same words elsewhere in the chunk would make the place of the text a guess.
      if (at < 0 || data.indexOf(written, at + 1) >= 0 || !/"content" *: *$/.test(data.slice(Math.max(0, at - 16), at)))
        return;
      before = data.slice(0, at + 1);
      after = data.slice(at + written.length - 1);
    },
  };
}
