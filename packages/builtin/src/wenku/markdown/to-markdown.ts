/** A document as Markdown that reads back to the same document. */
import type { WenkuContent, WenkuNode } from '@myriad/contracts';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { mathToMarkdown } from 'mdast-util-math';
import { toMarkdown } from 'mdast-util-to-markdown';
import { docFromDeck } from '../deck/doc-from-deck.ts';
import { textOf } from '../model/plain-text.ts';
import { collectSources, type Source } from '../model/sources.ts';

interface Mdast {
  type: string;
  children?: Mdast[];
  [field: string]: unknown;
}

export interface MarkdownWords {
  /** Heading above the list of sources. */
  readonly sources: string;
  /** How a page of a source is said, such as `p. 3`. */
  readonly page: (page: number) => string;
}

export const englishMarkdown: MarkdownWords = { sources: 'Sources', page: (page) => `p. ${page}` };
export const chineseMarkdown: MarkdownWords = { sources: '来源', page: (page) => `第 ${page} 页` };

/** Citations become numbers in brackets, with a list of sources at the end; a deck is written as its document. */
export function markdownOf(content: WenkuContent, words: MarkdownWords = englishMarkdown): string {
  const doc = content.type === 'deck' ? docFromDeck(content) : content;
  const sources = collectSources(doc.content);
  const children = doc.content.flatMap((node) => blockOf(node, sources));
  const text = write({ type: 'root', children });
  if (sources.length === 0) return text;
  const lines = sources.map((source) => `${source.number}. ${sourceLine(source, words)}`);
  return `${text}\n## ${words.sources}\n\n${lines.join('\n')}\n`;
}

/** Markdown of some nodes, for a selection or a section; citations as their numbers. */
export function markdownOfNodes(nodes: readonly WenkuNode[]): string {
  const sources = collectSources(nodes);
  return write({ type: 'root', children: nodes.flatMap((node) => blockOf(node, sources)) }).trim();
}

export function sourceLine({ name, pages, quotes }: Source, words: MarkdownWords): string {
  const places = pages.length > 0 ? `, ${pages.map(words.page).join(', ')}` : '';
  return `${name}${places}: ${quotes.map((quote) => `“${quote.replace(/\s+/g, ' ')}”`).join(' ')}`;
}

function write(tree: Mdast): string {
  return toMarkdown(tree as unknown as Parameters<typeof toMarkdown>[0], {
    bullet: '-',
    emphasis: '*',
    fences: true,
    rule: '-',
    extensions: [gfmToMarkdown({ tablePipeAlign: false }), mathToMarkdown()],
  });
}

function blockOf(node: WenkuNode, sources: readonly Source[]): readonly Mdast[] {
  const content = node.content ?? [];
  const blocks = () => content.flatMap((child) => blockOf(child, sources));
  const inline = () => inlineOf(content, sources);
  switch (node.type) {
    case 'paragraph':
      return [{ type: 'paragraph', children: inline() }];
    case 'heading':
      return [{ type: 'heading', depth: Number(node.attrs?.level ?? 1), children: inline() }];
    case 'bulletList':
    case 'orderedList': {
      const ordered = node.type === 'orderedList';
      return [
        {
          type: 'list',
          ordered,
          start: ordered ? Number(node.attrs?.start ?? 1) : null,
          spread: false,
          children: blocks(),
        },
      ];
    }
    case 'listItem':
      return [{ type: 'listItem', spread: false, children: blocks() }];
    case 'blockquote':
      return [{ type: 'blockquote', children: blocks() }];
    case 'codeBlock':
      return [{ type: 'code', lang: node.attrs?.language ?? null, value: textOf(node) }];
    case 'mathBlock':
      return [{ type: 'math', value: String(node.attrs?.latex ?? '') }];
    case 'horizontalRule':
      return [{ type: 'thematicBreak' }];
    case 'image':
      return [
        {
          type: 'paragraph',
          children: [{ type: 'image', url: String(node.attrs?.src ?? ''), alt: String(node.attrs?.alt ?? '') }],
        },
      ];
    case 'table':
      return [
        {
          type: 'table',
          align: content[0]?.content?.map((cell) => cell.attrs?.align ?? null) ?? [],
          children: content.map((row) => ({
            type: 'tableRow',
            children: (row.content ?? []).map((cell) => ({
              type: 'tableCell',
              children: inlineOf(cellInline(cell), sources),
            })),
          })),
        },
      ];
    default:
      return [];
  }
}

/** Several paragraphs of a cell stand on one line, since a Markdown table has no other. */
function cellInline(cell: WenkuNode): readonly WenkuNode[] {
  return (cell.content ?? []).flatMap((block, at) => [
    ...(at > 0 ? [{ type: 'text', text: ' ' }] : []),
    ...(block.content ?? []),
  ]);
}

const marked: Readonly<Record<string, string>> = { bold: 'strong', italic: 'emphasis', strike: 'delete' };

function inlineOf(nodes: readonly WenkuNode[], sources: readonly Source[]): Mdast[] {
  return nodes.flatMap((node): Mdast[] => {
    if (node.type === 'hardBreak') return [{ type: 'break' }];
    if (node.type === 'mathInline') return [{ type: 'inlineMath', value: String(node.attrs?.latex ?? '') }];
    if (node.type === 'citation') {
      const source = sources.find(({ documentId }) => documentId === node.attrs?.documentId);
      return source ? [{ type: 'text', value: ` [${source.number}]` }] : [];
    }
    const marks = node.marks ?? [];
    const code = marks.some(({ type }) => type === 'code');
    let inner: Mdast = { type: code ? 'inlineCode' : 'text', value: node.text ?? '' };
    for (const mark of marks) {
      if (mark.type === 'link') inner = { type: 'link', url: mark.attrs?.href ?? '', children: [inner] };
      else if (marked[mark.type]) inner = { type: marked[mark.type] as string, children: [inner] };
    }
    return [inner];
  });
}
