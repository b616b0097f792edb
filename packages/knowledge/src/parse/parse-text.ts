import type { Block, Parser } from './blocks.ts';
import { decodeText } from './decode-text.ts';
import { joinLines, tidyLine } from './tidy-text.ts';

/** Plain text: blank lines part paragraphs, broken lines are joined, numbered and upper-case lines can be headings. */
export const parseText: Parser = ({ bytes }) => ({
  blocks: textBlocks(decodeText(bytes).text),
  pages: null,
  remark: null,
});

/** The same for text already decoded. Form feeds begin pages. */
export function textBlocks(text: string): Block[] {
  const pages = text.replace(/\r\n?/g, '\n').split('\f');
  if (pages.length > 1 && pages.at(-1)!.trim() === '') pages.pop();
  return pages.flatMap((page) => [
    ...(pages.length > 1 ? [{ kind: 'page' } as const] : []),
    ...page.split(/\n[ \t\u3000]*\n+/).flatMap(paragraphBlocks),
  ]);
}

function paragraphBlocks(paragraph: string): Block[] {
  const lines = paragraph.split('\n').filter((line) => line.trim() !== '');
  const blocks: Block[] = [];
  let open: string[] = [];
  let broken = false;
  const close = () => {
    const text = tidyLine(joinLines(open));
    open = [];
    if (text !== '') blocks.push(textBlock(text, lines.length === 1));
  };
  for (const line of lines) {
    if (
      !broken ||
      /^\s*([-*•·]|\d{1,3}[.)、]|[（(]\d+[)）]|第.{1,6}[章节条])/.test(line) ||
      /^(\u3000{2}|\t)/.test(line)
    )
      close();
    open.push(line.trim());
    broken = isBrokenLine(line);
  }
  close();
  return blocks;
}

/** A line that was broken to fit a width rather than ended: long enough, by the width of its characters. */
function isBrokenLine(line: string): boolean {
  let width = 0;
  for (const character of line) width += character > '\u2e7f' ? 2 : 1;
  return width >= 50;
}

const chapter = /^(第[一二三四五六七八九十百零〇\d]{1,5}[章节篇部编]|chapter\s+\w+|part\s+\w+|appendix\b|附录)/i;
const numbered =
  /^(\d{1,2}(\.\d{1,2}){0,3}\.?|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])\s*\S/;

/** A short line that stands alone and names what follows. */
export function headingLevel(line: string): number | null {
  if (line.length > 60 || /[。，；,;:：.!?！？]$/.test(line)) return null;
  if (chapter.test(line)) return /节/.test(line.slice(0, 8)) ? 2 : 1;
  const number = /^\d{1,2}(\.\d{1,2})*/.exec(line);
  if (number && numbered.test(line) && /^[\d.]+\s*[\p{Lu}\p{Script=Han}]/u.test(line))
    return number[0].split('.').length + 1;
  if (/^[一二三四五六七八九十]{1,3}、/.test(line)) return 2;
  if (/^[（(][一二三四五六七八九十]{1,3}[）)]/.test(line)) return 3;
  if (line.length >= 4 && /\p{Lu}/u.test(line) && line === line.toUpperCase() && !/\p{Script=Han}|\d{3}/u.test(line))
    return 2;
  return null;
}

function textBlock(text: string, alone: boolean): Block {
  const level = alone ? headingLevel(text) : null;
  if (level !== null) return { kind: 'heading', level, text };
  return { kind: /^([-*•·]\s|\d{1,3}[.)、])/.test(text) ? 'item' : 'paragraph', text };
}
