import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import type { Block, Parser } from './blocks.ts';
import { decodeText } from './decode-text.ts';
import { domBlocks } from './dom-blocks.ts';
import { ParseFailure } from './parse-failure.ts';

/** A web page: its main article where it has one, else its whole body; scripts, styles and navigation dropped. */
export const parseHtml: Parser = ({ bytes }) => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2_048)).toString('latin1');
  const declared = /<meta[^>]+charset=["']?([\w-]+)/i.exec(head)?.[1];
  const blocks = htmlBlocks(decodeText(bytes, declared).text);
  if (blocks.length === 0) throw new ParseFailure('parse_failed', 'The page has no text.');
  return { blocks, pages: null, remark: null };
};

const dropped =
  'script,style,noscript,template,iframe,object,embed,svg,math,canvas,audio,video,form input,select,button,[hidden],[aria-hidden=true]';
const aside = 'nav,header nav,footer,aside,[role=navigation],[role=banner],[role=contentinfo]';

/** Longest page, in characters, that is searched for its main article: that takes several trees of it. */
const longestArticle = 3_000_000;

/** Blocks of HTML given as text. */
export function htmlBlocks(html: string): Block[] {
  const whole = cleanDocument(html);
  const title = whole.querySelector('title')?.textContent?.trim() ?? '';
  const all = domBlocks(whole.body);
  const article = all.length > 8 && html.length < longestArticle ? articleBlocks(html) : null;
  for (const element of [...whole.querySelectorAll(aside)]) element.remove();
  const body = domBlocks(whole.body);
  const chosen = article && lengthOf(article) > lengthOf(body) * 0.5 ? article : lengthOf(body) > 0 ? body : all;
  const titled = title !== '' && !chosen.some((block) => block.kind === 'heading' && block.level === 1);
  return titled && chosen.length > 0 ? [{ kind: 'heading', level: 1, text: title }, ...chosen] : chosen;
}

function cleanDocument(html: string) {
  // A fragment without <html> gets its body here, so that the tree is the same either way.
  const whole = /<body[\s>]/i.test(html) ? html : `<!doctype html><html><head></head><body>${html}</body></html>`;
  const { document } = parseHTML(whole);
  for (const element of [...document.querySelectorAll(dropped)]) element.remove();
  return document;
}

function articleBlocks(html: string): Block[] | null {
  const document = cleanDocument(html);
  try {
    const article = new Readability(document as unknown as Document, { charThreshold: 200 }).parse();
    return article?.content ? domBlocks(cleanDocument(article.content).body) : null;
  } catch {
    // Readability gives up on some trees; the whole body is there then.
    return null;
  }
}

function lengthOf(blocks: readonly Block[]): number {
  let length = 0;
  for (const block of blocks)
    if (block.kind === 'table') length += block.rows.flat().join(' ').length;
    else if (block.kind !== 'page') length += block.text.length;
  return length;
}
