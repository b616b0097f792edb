import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';

const maxCharacters = 200_000;

/** Bytes as text by the charset of the header, else of the page's own `<meta>`, else UTF-8. */
function decode(bytes: Buffer, contentType: string): string {
  const head = bytes.subarray(0, 2_048).toString('latin1');
  const named = contentType.match(/charset=["']?([\w-]+)/i)?.[1] ?? head.match(/<meta[^>]+charset=["']?([\w-]+)/i)?.[1];
  try {
    return new TextDecoder(named ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes);
  }
}

const tidy = (text: string) =>
  text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, maxCharacters);

/** Title and readable text of a page; for anything but HTML the text as it is. Scripts and styles never get through. */
export function readableText(bytes: Buffer, contentType: string, mediaType: string): { title: string; text: string } {
  const source = decode(bytes, contentType);
  if (!/html/.test(mediaType)) return { title: '', text: source.slice(0, maxCharacters) };
  // The parser makes no body of its own for a page that leaves the tags out.
  const whole = /<body[\s>]/i.test(source) ? source : `<html><body>${source}</body></html>`;
  const { document } = parseHTML(whole);
  const title = document.querySelector('title')?.textContent?.trim() ?? '';
  for (const hidden of document.querySelectorAll('script, style, noscript, template, iframe, svg')) hidden.remove();
  for (const block of document.querySelectorAll('p, br, div, li, h1, h2, h3, h4, h5, h6, tr, section, article, pre')) {
    block.append('\n');
  }
  const everything = tidy(document.body?.textContent ?? '');
  const article = new Readability(document as unknown as Document, { charThreshold: 200 }).parse();
  const text = tidy(article?.textContent ?? '');
  return { title: article?.title || title, text: text.length > 200 ? text : everything };
}
