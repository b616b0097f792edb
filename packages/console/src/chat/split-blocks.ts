/** An item, or a line that may become one with the next letter. */
const listItem = /^([-*+](\s|$)|\d{1,9}([.)](\s|$)|$))/;

/**
 * Cuts markdown into blocks that can be rendered apart, so that a growing answer renders only its last block again. A cut
 * is made at a blank line outside fences and display maths, and never before an indented line, nor before an item of
 * the same list. Text with reference definitions stays whole, since they reach across blocks.
 */
export function splitBlocks(text: string): readonly string[] {
  if (/^ {0,3}\[[^\]\n]+\]:/m.test(text)) return [text];
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | null = null;
  let maths = false;
  let blankBefore = false;
  for (const line of text.split('\n')) {
    const inside = fence !== null || maths;
    const joins = /^\s/.test(line) || (listItem.test(block[0] ?? '') && listItem.test(line));
    if (!inside && blankBefore && line.trim() !== '' && !joins && block.some((each) => each.trim() !== '')) {
      blocks.push(block.join('\n'));
      block = [];
    }
    block.push(line);
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === null && mark && !maths) fence = mark;
    else if (fence !== null && mark?.startsWith(fence) && line.trim() === mark) fence = null;
    else if (fence === null && (line.match(/\$\$/g)?.length ?? 0) % 2 === 1) maths = !maths;
    blankBefore = line.trim() === '';
  }
  if (block.some((line) => line.trim() !== '')) blocks.push(block.join('\n'));
  return blocks;
}

/**
 * The last block of a growing answer without what would be read twice: an unfinished link, formula or table head waits,
 * unfinished emphasis and code are closed.
 */
export function mendTail(block: string): string {
  if (/^\s{0,3}(`{3,}|~{3,})/m.test(block)) return block;
  let text = block;
  if ((text.match(/\$\$/g)?.length ?? 0) % 2 === 1) text = text.slice(0, text.lastIndexOf('$$'));
  text = text.replace(/!?\[[^\]\n]*$/, '').replace(/!?\[[^\]\n]*\]\([^)\n]*$/, '');
  const lines = text.split('\n');
  const row = lines.findIndex((line) => line.trimStart().startsWith('|'));
  if (row !== -1 && lines.length - row <= 2) {
    const ruled = /^\s*\|?(\s*:?-+:?\s*\|)+\s*:?-*:?\s*\|?\s*$/.test(lines[row + 1] ?? '');
    if (!ruled) text = lines.slice(0, row).join('\n');
  }
  const ticks = (text.match(/`/g)?.length ?? 0) % 2;
  if (ticks === 1) text += '`';
  else if ((text.match(/\*\*/g)?.length ?? 0) % 2 === 1)
    text = text.endsWith('**') ? text.slice(0, -2) : `${text.trimEnd()}**`;
  return text;
}
