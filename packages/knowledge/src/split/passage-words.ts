import { createHash } from 'node:crypto';
import { segmentWords } from '../words/segment-words.ts';

/**
 * Words under which a passage is found: its own, those of the headings above it, and those of the document's name, so
 * that "30 days" under "Refunds" in `policy.pdf` is found by all three.
 */
export function passageWords(text: string, headings: readonly string[], documentName: string): string[] {
  const outside = headings.filter((heading) => !text.includes(heading));
  return segmentWords([text, ...outside, nameWithoutEnding(documentName)].join('\n'));
}

/** Name of a document without its file ending. */
export function nameWithoutEnding(name: string): string {
  return name.replace(/\.[a-z0-9]{1,8}$/i, '').replace(/[_-]+/g, ' ');
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Id of a passage, the same whenever the same document is cut into the same passages: 26 characters of a hash over the
 * document, the text and how often that text came before in it.
 */
export function passageId(documentId: string, text: string, occurrence: number): string {
  const hash = createHash('sha256').update(`${documentId}\u0000${occurrence}\u0000${text}`).digest();
  let id = '';
  for (let at = 0; at < 26; at += 1) id += alphabet[hash[at]! & 31];
  return `psg_${id}`;
}
