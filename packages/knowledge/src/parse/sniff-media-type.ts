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
  const refusal = refusalOf(head);
  if (refusal) throw new ParseFailure('parse_failed', refusal);
  if (!looksLikeUtf16(bytes) && !/^(\xff\xfe|\xfe\xff)/.test(head) && head.includes('\u0000'))
    throw new ParseFailure('parse_failed', 'This is a binary file of a kind that is not read here.');
  return sniffText(head.replace(/^\xef\xbb\xbf/, '').replaceAll('\u0000', ''), name, declaredType);
}

/** First bytes (as hex, `..` for any) of what is known and not read here. */
const refused: readonly (readonly [signatures: string, reason: string])[] = [
  [
    'd0cf11e0a1b11ae1',
    'This is an old binary Office file, or one locked with a password. Save it as .docx, .xlsx or .pptx without a password.',
  ],
  ['7b5c727466', 'This is an RTF file, which is not read here. Save it as .docx.'],
  [
    '89504e47 ffd8ff 47494638 49492a00 4d4d002a 424d........00000000 52494646........57454250',
    'This is an image without a text layer. Reading text from images (OCR) is not available here.',
  ],
  [
    '494433 4f676753 664c6143 52494646........57415645 52494646........41564920 ........66747970',
    'This is audio or video, which is not read here.',
  ],
  ['1f8b 425a68 377abcaf 52617221 fd377a585a', 'This is a compressed archive. Unpack it and add the files.'],
  ['4d5a 7f454c46 cafebabe cffaedfe 0061736d', 'This is a program, which is not read here.'],
];

function refusalOf(head: string): string | null {
  const hex = Buffer.from(head.slice(0, 16), 'latin1').toString('hex');
  const fits = (signature: string) => new RegExp(`^${signature}`).test(hex);
  // Two letters ("MZ", "BM") begin honest texts too; there a byte that no text has must follow.
  const isBinary = /[^\t-\r\u0020-\uffff]/.test(head.slice(0, 256));
  return (
    refused.find(([signatures]) => signatures.split(' ').some((s) => fits(s) && (s.length > 8 || isBinary)))?.[1] ??
    null
  );
}

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
