import { looksLikeUtf16 } from './decode-text.ts';
import { ParseFailure } from './parse-failure.ts';
import { listZip } from './read-zip.ts';

const ooxml = 'application/vnd.openxmlformats-officedocument';

export const mediaTypes = {
  text: 'text/plain',
  markdown: 'text/markdown',
  html: 'text/html',
  csv: 'text/csv',
  code: 'text/x-source',
  pdf: 'application/pdf',
  docx: `${ooxml}.wordprocessingml.document`,
  pptx: `${ooxml}.presentationml.presentation`,
  xlsx: `${ooxml}.spreadsheetml.sheet`,
  epub: 'application/epub+zip',
  eml: 'message/rfc822',
} as const;

export type Format = keyof typeof mediaTypes;

/**
 * Format of a file by its bytes. Only between kinds of plain text does the name (or the declared type) decide, since
 * their bytes do not.
 *
 * @throws ParseFailure saying what the file is, when it is something that is not read here.
 */
export function sniffFormat(bytes: Uint8Array, name: string, declaredType?: string): Format {
  if (bytes.length === 0) throw new ParseFailure('parse_failed', 'The file is empty.');
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2_048)).toString('latin1');
  if (head.slice(0, 1_024).includes('%PDF-')) return 'pdf';
  if (head.startsWith('PK\u0003\u0004') || head.startsWith('PK\u0005\u0006')) return sniffZip(bytes);
  for (const [pattern, reason] of refused) if (pattern.test(head)) throw new ParseFailure('parse_failed', reason);
  if (!looksLikeUtf16(bytes) && !/^(\xff\xfe|\xfe\xff)/.test(head) && head.includes('\u0000'))
    throw new ParseFailure('parse_failed', 'This is a binary file of a kind that is not read here.');
  return sniffText(head.replace(/^\xef\xbb\xbf/, '').replaceAll('\u0000', ''), name, declaredType);
}

const refused: readonly (readonly [RegExp, string])[] = [
  [
    /^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/,
    'This is an old binary Office file, or one locked with a password. Save it as .docx, .xlsx or .pptx without a password.',
  ],
  [/^\{\\rtf/, 'This is an RTF file, which is not read here. Save it as .docx.'],
  [
    /^(\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|BM.{4}\0\0\0\0|RIFF.{4}WEBP)/s,
    'This is an image without a text layer. Reading text from images (OCR) is not available here.',
  ],
  [/^(ID3|OggS|fLaC|RIFF.{4}(WAVE|AVI )|.{4}ftyp)/s, 'This is audio or video, which is not read here.'],
  [/^(\x1f\x8b|BZh|7z\xbc\xaf|Rar!|\xfd7zXZ)/, 'This is a compressed archive. Unpack it and add the files.'],
  [/^(MZ|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe|\0asm)/, 'This is a program, which is not read here.'],
];

function sniffZip(bytes: Uint8Array): Format {
  const names = new Set(listZip(bytes).map((entry) => entry.name));
  if (names.has('word/document.xml')) return 'docx';
  if (names.has('ppt/presentation.xml')) return 'pptx';
  if (names.has('xl/workbook.xml')) return 'xlsx';
  if (names.has('META-INF/container.xml')) return 'epub';
  if (names.has('content.xml'))
    throw new ParseFailure('parse_failed', 'This is an OpenDocument file, which is not read here. Save it as .docx.');
  throw new ParseFailure('parse_failed', 'This is a zip archive. Unpack it and add the files.');
}

const codeNames =
  /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs|py|rb|go|rs|java|kt|kts|swift|c|h|cc|cpp|cxx|hpp|cs|php|scala|sh|bash|zsh|ps1|sql|lua|r|jl|dart|vue|svelte|css|scss|less|json|jsonc|ya?ml|toml|ini|xml|proto|graphql|tf|gradle|cmake)$|(^|\/)(dockerfile|makefile)$/i;

const mailHeader = /^(from|to|subject|date|message-id|received|return-path|mime-version|content-type|delivered-to): /im;

function sniffText(head: string, name: string, declaredType?: string): Format {
  const declared = declaredType?.split(';')[0]?.trim().toLowerCase();
  if (/\.(md|markdown|mdx)$/i.test(name) || declared === 'text/markdown') return 'markdown';
  if (/\.(csv|tsv)$/i.test(name) || declared === 'text/csv' || declared === 'text/tab-separated-values') return 'csv';
  if (codeNames.test(name)) return 'code';
  if (/^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!doctype\s+html|<html[\s>])/i.test(head)) return 'html';
  if ((/\.x?html?$/i.test(name) || declared === 'text/html') && /<[a-z!/][^>]*>/i.test(head)) return 'html';
  const firstLines = head.split(/\r?\n/).slice(0, 12);
  const headers = firstLines.filter((line) => mailHeader.test(line)).length;
  if (headers >= 3 || (/\.eml$/i.test(name) && headers >= 1)) return 'eml';
  return 'text';
}
