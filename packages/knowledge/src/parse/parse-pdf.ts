import { getDocumentProxy } from 'unpdf';
import type { Parser } from './blocks.ts';
import { pagesToBlocks } from './page-blocks.ts';
import { type PageLine, pageLines, type TextRun } from './page-lines.ts';
import { ParseFailure } from './parse-failure.ts';
import { isCodeMap, predefinedCMap } from './predefined-cmaps.ts';

/** PDF: the text layer page by page. A page that only shows a picture of text is counted and said, not guessed at. */
export const parsePdf: Parser = async ({ bytes }) => {
  const maps = characterMaps();
  const pdf = await open(bytes, maps.factory);
  const pages: PageLine[][] = [];
  let empty = 0;
  let broken = 0;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    try {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent({ disableNormalization: false });
      const lines = pageLines(items.flatMap((item) => ('str' in item ? [runOf(item)] : [])));
      if (!lines.some((line) => /[\p{L}\p{N}]/u.test(line.text))) empty += 1;
      pages.push(lines);
      page.cleanup();
    } catch {
      broken += 1;
      pages.push([]);
    }
  }
  const count = pdf.numPages;
  await pdf.loadingTask.destroy();
  if (empty + broken === count && maps.lacking())
    throw new ParseFailure('parse_failed', 'The PDF uses fonts that do not say which characters they show.');
  if (empty + broken === count)
    throw new ParseFailure(
      'parse_failed',
      broken === count
        ? 'The PDF is damaged: none of its pages can be read.'
        : `The PDF has no text layer: ${count === 1 ? 'its page is' : `its ${count} pages are`} scanned or drawn. Reading text from images (OCR) is not available here.`,
    );
  const remarks = [
    ...(empty > 0 ? [`${empty} of ${count} pages have no text layer and cannot be searched.`] : []),
    ...(broken > 0 ? [`${broken} of ${count} pages are damaged and were left out.`] : []),
    ...(maps.lacking() ? ['Text in fonts that do not say which characters they show was left out.'] : []),
  ];
  return { blocks: pagesToBlocks(pages), pages: count, remark: remarks.join(' ') || null };
};

interface Item {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
}

function runOf(item: Item): TextRun {
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform;
  const size = Math.hypot(c, d) || item.height || Math.hypot(a, b);
  return { text: item.str, x, y, width: item.width, size };
}

async function open(bytes: Uint8Array, factory: object) {
  try {
    return await getDocumentProxy(bytes, {
      BinaryDataFactory: factory,
      // Without this the maps would be looked for on disk; the name alone is wanted.
      cMapUrl: 'computed:/',
      cMapPacked: false,
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
      stopAtErrors: false,
      maxImageSize: 1,
      verbosity: 0,
      useWorkerFetch: false,
    } as Parameters<typeof getDocumentProxy>[1]);
  } catch (error) {
    const name = (error as Error).name;
    if (name === 'PasswordException')
      throw new ParseFailure('parse_failed', 'The PDF is locked with a password.', error);
    throw new ParseFailure('parse_failed', 'The PDF is damaged and cannot be opened.', error);
  }
}

/** Answers pdf.js's requests for predefined character maps. One a document: it remembers which collections have codes. */
function characterMaps() {
  let codes = false;
  let lacking = false;
  const factory = class CharacterMaps {
    async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
      const source = kind === 'cMapUrl' ? predefinedCMap(filename) : null;
      if (isCodeMap(filename)) codes = true;
      // A font that uses a collection's own identifiers needs that collection's table, which is not here: better
      // no text than wrong text.
      if (source === null || (filename.startsWith('Adobe-') && !codes)) {
        lacking ||= kind === 'cMapUrl';
        throw new Error(`No character map ${filename} here.`);
      }
      return new TextEncoder().encode(source);
    }
  };
  return { factory, lacking: () => lacking };
}
