import type { Block, Parser } from './blocks.ts';
import { ParseFailure } from './parse-failure.ts';
import { childElements, descendants, readXml, textOf, type XmlElement } from './read-xml.ts';
import { openZip, type ZipArchive } from './read-zip.ts';
import { tidyLine } from './tidy-text.ts';

/** PowerPoint: each slide is a page with its title, text, tables and speaker notes (ECMA-376, PresentationML). */
export const parsePptx: Parser = ({ bytes }) => {
  const zip = openZip(bytes);
  const slides = slidePaths(zip);
  const blocks = slides.flatMap((path) => slideBlocks(zip, path));
  if (!blocks.some((block) => block.kind !== 'page'))
    throw new ParseFailure('parse_failed', 'The slides have no text.');
  return { blocks, pages: slides.length, remark: null };
};

/** Targets of a part's relationships by their id. */
function relations(zip: ZipArchive, part: string): Map<string, { target: string; type: string }> {
  const slash = part.lastIndexOf('/');
  const source = zip.text(`${part.slice(0, slash)}/_rels${part.slice(slash)}.rels`);
  const found = new Map<string, { target: string; type: string }>();
  if (!source) return found;
  for (const { attributes } of descendants(readXml(source), 'Relationship')) {
    const target = new URL(attributes.Target ?? '', `zip://x/${part}`).pathname.slice(1);
    found.set(attributes.Id ?? '', { target: decodeURIComponent(target), type: attributes.Type ?? '' });
  }
  return found;
}

function slidePaths(zip: ZipArchive): string[] {
  const presentation = zip.text('ppt/presentation.xml');
  if (!presentation) throw new ParseFailure('parse_failed', 'The presentation is damaged.');
  const related = relations(zip, 'ppt/presentation.xml');
  return [...descendants(readXml(presentation), 'sldId')].flatMap(({ attributes }) => {
    const target = related.get(attributes['r:id'] ?? attributes.id ?? '')?.target;
    return target ? [target] : [];
  });
}

function slideBlocks(zip: ZipArchive, path: string): Block[] {
  const source = zip.text(path);
  if (!source) return [{ kind: 'page' }];
  const blocks: Block[] = [{ kind: 'page' }];
  const slide = readXml(source);
  for (const tree of descendants(slide, 'spTree')) shapeBlocks(tree, blocks);
  const notes = [...relations(zip, path).values()].find(({ type }) => type.endsWith('/notesSlide'));
  const notesSource = notes && zip.text(notes.target);
  if (notesSource)
    for (const shape of descendants(readXml(notesSource), 'sp'))
      if (placeholder(shape) === 'body') for (const text of paragraphs(shape)) blocks.push({ kind: 'paragraph', text });
  return blocks;
}

function shapeBlocks(tree: XmlElement, blocks: Block[]): void {
  for (const shape of childElements(tree)) {
    if (shape.name === 'grpSp') shapeBlocks(shape, blocks);
    else if (shape.name === 'graphicFrame') {
      for (const table of descendants(shape, 'tbl')) {
        const rows = [...descendants(table, 'tr')].map((row) =>
          childElements(row, 'tc').map((cell) => tidyLine(paragraphs(cell).join(' '))),
        );
        if (rows.length > 0) blocks.push({ kind: 'table', rows, header: rows.length > 1 });
      }
    } else if (shape.name === 'sp') {
      const kind = placeholder(shape);
      if (kind === 'sldNum' || kind === 'dt' || kind === 'ftr') continue;
      const texts = paragraphs(shape);
      const title = texts.join(' ');
      if ((kind === 'title' || kind === 'ctrTitle') && title !== '')
        blocks.push({ kind: 'heading', level: 1, text: title });
      else for (const text of texts) blocks.push({ kind: texts.length > 1 ? 'item' : 'paragraph', text });
    }
  }
}

const placeholder = (shape: XmlElement): string | null =>
  descendants(shape, 'ph').next().value?.attributes.type ?? null;

function paragraphs(shape: XmlElement): string[] {
  return [...descendants(shape, 'p')]
    .map((paragraph) => tidyLine([...runsOf(paragraph)].join('')))
    .filter((text) => text !== '');
}

function* runsOf(paragraph: XmlElement): Generator<string> {
  for (const child of childElements(paragraph)) {
    if (child.name === 'r' || child.name === 'fld') for (const text of childElements(child, 't')) yield textOf(text);
    else if (child.name === 'br') yield ' ';
  }
}
