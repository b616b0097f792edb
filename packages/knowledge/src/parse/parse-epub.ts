import { dirname, join } from 'node:path/posix';
import type { Block, Parser } from './blocks.ts';
import { ParseFailure } from './parse-failure.ts';
import { htmlBlocks } from './parse-html.ts';
import { descendants, readXml } from './read-xml.ts';
import { openZip } from './read-zip.ts';

/** EPUB books: the chapters of the spine in reading order (EPUB 3.3, package document). */
export const parseEpub: Parser = ({ bytes }) => {
  const zip = openZip(bytes);
  const container = zip.text('META-INF/container.xml');
  const root = container && descendants(readXml(container), 'rootfile').next().value?.attributes['full-path'];
  const source = root && zip.text(root);
  if (!source) throw new ParseFailure('parse_failed', 'The book is damaged: it has no package document.');
  const book = readXml(source);
  const files = new Map([...descendants(book, 'item')].map((item) => [item.attributes.id, item.attributes.href ?? '']));
  const blocks: Block[] = [];
  for (const reference of descendants(book, 'itemref')) {
    const href = files.get(reference.attributes.idref);
    const chapter = href && zip.text(join(dirname(root), decodeURIComponent(href.split('#')[0]!)));
    if (chapter) blocks.push(...htmlBlocks(chapter));
  }
  if (blocks.length === 0) throw new ParseFailure('parse_failed', 'The book has no text.');
  return { blocks, pages: null, remark: null };
};
