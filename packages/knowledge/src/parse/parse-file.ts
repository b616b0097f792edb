import type { FileToParse, ParsedFile, Parser } from './blocks.ts';
import { ParseFailure } from './parse-failure.ts';
import { type Format, mediaTypes, sniffFormat } from './sniff-media-type.ts';

/** Parsers are loaded when a file of their kind comes, so that reading a text does not load the PDF reader. */
const parsers: Readonly<Record<Format, () => Promise<Parser>>> = {
  text: async () => (await import('./parse-text.ts')).parseText,
  markdown: async () => (await import('./parse-markdown.ts')).parseMarkdown,
  html: async () => (await import('./parse-html.ts')).parseHtml,
  csv: async () => (await import('./parse-csv.ts')).parseCsv,
  code: async () => (await import('./parse-code.ts')).parseCode,
  pdf: async () => (await import('./parse-pdf.ts')).parsePdf,
  docx: async () => (await import('./parse-docx.ts')).parseDocx,
  pptx: async () => (await import('./parse-pptx.ts')).parsePptx,
  xlsx: async () => (await import('./parse-xlsx.ts')).parseXlsx,
  epub: async () => (await import('./parse-epub.ts')).parseEpub,
  eml: async () => (await import('./parse-eml.ts')).parseEml,
};

/**
 * Reads a file of any known format, told by its bytes.
 *
 * @throws ParseFailure with a reason in words; anything else thrown by a parser is turned into one.
 */
export async function parseFile(
  file: FileToParse,
  declaredType?: string,
): Promise<ParsedFile & { readonly mediaType: string }> {
  const format = sniffFormat(file.bytes, file.name, declaredType);
  const parser = await parsers[format]();
  try {
    const parsed = await parser(file);
    if (!parsed.blocks.some((block) => block.kind !== 'page'))
      throw new ParseFailure('parse_failed', 'The file has no text.');
    return { ...parsed, mediaType: mediaTypes[format] };
  } catch (error) {
    if (error instanceof ParseFailure) throw error;
    if (error instanceof RangeError && /call stack/i.test(error.message))
      throw new ParseFailure('parse_limit', 'The file is nested too deeply to be read.', error);
    throw new ParseFailure('parse_failed', `The ${format} file is damaged and cannot be read.`, error);
  }
}
