/** Characters of a page that are kept. */
export const maxCharacters = 200_000;

/** Bytes as text by the charset of the header, else of the page's own `<meta>`, else UTF-8. */
export function decodeText(bytes: Buffer, contentType: string): string {
  const head = bytes.subarray(0, 2_048).toString('latin1');
  const named = contentType.match(/charset=["']?([\w-]+)/i)?.[1] ?? head.match(/<meta[^>]+charset=["']?([\w-]+)/i)?.[1];
  try {
    return new TextDecoder(named ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes);
  }
}
