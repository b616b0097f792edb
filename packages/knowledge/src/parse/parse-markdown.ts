import type { Block, Parser } from './blocks.ts';
import { decodeText } from './decode-text.ts';
import { joinLines, tidyLine } from './tidy-text.ts';

/** Markdown (CommonMark blocks and GitHub tables) as the text a reader sees: headings, paragraphs, lists, tables, code. */
export const parseMarkdown: Parser = ({ bytes }) => ({
  blocks: markdownBlocks(decodeText(bytes).text),
  pages: null,
  remark: null,
});

export function markdownBlocks(text: string): Block[] {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  let kind: 'paragraph' | 'item' = 'paragraph';
  const close = () => {
    const plain = inlineText(joinLines(paragraph));
    if (plain !== '') blocks.push({ kind, text: plain });
    paragraph = [];
    kind = 'paragraph';
  };
  let at = frontMatterEnd(lines);
  while (at < lines.length) {
    const line = lines[at]!.replace(/^( {0,3}>[ ]?)+/, '');
    const fence = /^\s*(`{3,}|~{3,})/.exec(line);
    if (fence) {
      close();
      const end = lines.findIndex((later, index) => index > at && later.trim().startsWith(fence[1]!));
      const code = lines.slice(at + 1, end < 0 ? lines.length : end).join('\n');
      if (code.trim() !== '') blocks.push({ kind: 'code', text: code.trimEnd() });
      at = end < 0 ? lines.length : end + 1;
      continue;
    }
    const table = readTable(lines, at);
    if (table) {
      close();
      blocks.push({ kind: 'table', rows: table.rows, header: true });
      at = table.end;
      continue;
    }
    const heading = line.length < 1_000 && /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
    const underline = paragraph.length > 0 && /^ {0,3}(=+|-{2,})\s*$/.exec(line);
    const item = /^\s*([-*+•]|\d{1,9}[.)])\s+(?=\S)/.exec(line);
    if (heading) {
      close();
      pushHeading(blocks, heading[1]!.length, heading[2]!);
    } else if (underline) {
      pushHeading(blocks, underline[1]!.startsWith('=') ? 1 : 2, joinLines(paragraph));
      paragraph = [];
    } else if (line.trim() === '' || /^ {0,3}([-*_])(\s*\1){2,}\s*$/.test(line)) close();
    else if (item) {
      close();
      kind = 'item';
      paragraph = [`${/\d/.test(item[1]!) ? item[1] : '-'} ${line.slice(item[0].length).replace(/^\[[ xX]\]\s+/, '')}`];
    } else paragraph.push(line.trim());
    at += 1;
  }
  close();
  return blocks;
}

function pushHeading(blocks: Block[], level: number, written: string): void {
  const text = inlineText(written);
  if (text !== '') blocks.push({ kind: 'heading', level, text });
}

function frontMatterEnd(lines: readonly string[]): number {
  if (lines[0]?.trim() !== '---') return 0;
  const end = lines.findIndex((line, index) => index > 0 && index < 100 && /^(---|\.\.\.)\s*$/.test(line));
  return end < 0 ? 0 : end + 1;
}

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => inlineText(cell.replaceAll('\\|', '|')));

function readTable(lines: readonly string[], at: number): { rows: string[][]; end: number } | null {
  const rule = lines[at + 1];
  if (
    !lines[at]!.includes('|') ||
    rule === undefined ||
    rule.length > 2_000 ||
    !/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(rule)
  )
    return null;
  const rows = [cellsOf(lines[at]!)];
  let end = at + 2;
  while (end < lines.length && lines[end]!.includes('|')) rows.push(cellsOf(lines[end++]!));
  return { rows, end };
}

const longestInline = 2_000;
const inlinePieces = /[\s\S]{1,2000}(?:(?=\s)|$)|[\s\S]{1,2000}/g;

/** Text of inline Markdown: links and images by their words, emphasis and HTML tags dropped. */
export function inlineText(written: string): string {
  if (!/[*_`[<&\\~]/.test(written)) return tidyLine(written);
  // The expressions below look ahead for a closing mark; the piece bounds how far.
  if (written.length > longestInline) return tidyLine(written.match(inlinePieces)!.map(inlineText).join(' '));
  const plain = written
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/!\[([^\][]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\][]+)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\][]+)\]\[[^\][]*\]/g, '$1')
    .replace(/<(https?:[^>\s]+)>/g, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/(`+)(.+?)\1/g, '$2')
    .replace(/(\*\*\*|\*\*|\*|~~)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}])(__|_)(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
  return tidyLine(plain);
}
