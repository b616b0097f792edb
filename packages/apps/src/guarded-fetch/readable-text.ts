import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { decodeText, maxCharacters } from './decode-text.ts';

const tidy = (text: string) =>
  text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, maxCharacters);

/** Title and readable text of an HTML page. Scripts and styles never get through. */
export function readableText(bytes: Buffer, contentType: string): { title: string; text: string } {
  const source = decodeText(bytes, contentType);
  // The parser makes no body of its own for a page that leaves the tags out.
  const whole = /<body[\s>]/i.test(source) ? source : `<html><body>${source}</body></html>`;
  const { document } = parseHTML(whole);
  const title = document.querySelector('title')?.textContent?.trim() ?? '';
  for (const hidden of document.querySelectorAll('title, script, style, noscript, template, iframe, svg'))
    hidden.remove();
  for (const block of document.querySelectorAll('p, br, div, li, h1, h2, h3, h4, h5, h6, tr, section, article, pre')) {
    block.append('\n');
  }
  const everything = tidy(document.body?.textContent ?? '');
  const article = new Readability(document as unknown as Document, { charThreshold: 200 }).parse();
  const text = tidy(article?.textContent ?? '');
  return { title: article?.title || title, text: text.length > 200 ? text : everything };
}
