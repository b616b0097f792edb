import type { WenkuContent, WenkuNode } from '@myriad/contracts';
import { deckParagraphs } from '../deck/deck-text.ts';

const blocks = new Set(['paragraph', 'heading', 'codeBlock', 'mathBlock', 'image']);

/** Words of a node and all below it, as one line; maths as it is written, images by their description. */
export function textOf(node: WenkuNode): string {
  if (node.type === 'text') return node.text ?? '';
  if (node.type === 'hardBreak') return '\n';
  if (node.type === 'mathInline' || node.type === 'mathBlock') return String(node.attrs?.latex ?? '');
  if (node.type === 'image') return String(node.attrs?.alt ?? '');
  return (node.content ?? []).map(textOf).join('');
}

/** Paragraphs in reading order: headings, paragraphs, list items and code one each, tables one a row. */
export function paragraphsOf(content: WenkuContent): readonly string[] {
  if (content.type === 'deck') return deckParagraphs(content);
  const paragraphs: string[] = [];
  const visit = (node: WenkuNode): void => {
    if (blocks.has(node.type)) paragraphs.push(textOf(node));
    else if (node.type === 'tableRow') paragraphs.push((node.content ?? []).map(textOf).join(' | '));
    else for (const child of node.content ?? []) visit(child);
  };
  for (const node of content.content) visit(node);
  return paragraphs.filter((text) => text.trim() !== '');
}

export const plainTextOf = (content: WenkuContent): string => paragraphsOf(content).join('\n');

/** Words as a writer counts them: each Chinese character, and each run of letters or digits. */
export function countWords(text: string): number {
  return text.match(/\p{Script=Han}|[^\s\p{Script=Han}\p{P}\p{S}]+/gu)?.length ?? 0;
}
