/** Markdown (CommonMark, GitHub's tables and strikes, maths in dollars) to a document. */
import type { WenkuDoc, WenkuMark, WenkuNode } from '@myriad/contracts';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { mathFromMarkdown } from 'mdast-util-math';
import { gfm } from 'micromark-extension-gfm';
import { math } from 'micromark-extension-math';
import { imageHash, safeAddress } from '../model/check-content.ts';

/** What is read of mdast; the package's own types are a union that says the same with more words. */
interface Mdast {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Mdast[];
  readonly depth?: number;
  readonly ordered?: boolean | null;
  readonly start?: number | null;
  readonly lang?: string | null;
  readonly url?: string;
  readonly alt?: string | null;
  readonly align?: readonly (string | null)[] | null;
}

type Marks = readonly WenkuMark[];

/** Raw HTML stays as the words it is; pictures from elsewhere become links, since a document holds its own images. */
export function docFromMarkdown(markdown: string): WenkuDoc {
  const tree = fromMarkdown(markdown, {
    extensions: [gfm(), math()],
    mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown()],
  }) as unknown as Mdast;
  const content = blocksOf(tree.children ?? []);
  return { type: 'doc', content: content.length > 0 ? content : [{ type: 'paragraph' }] };
}

const blocksOf = (nodes: readonly Mdast[]): WenkuNode[] => nodes.flatMap(blockOf);
const paragraph = (content: readonly WenkuNode[]): WenkuNode =>
  content.length > 0 ? { type: 'paragraph', content } : { type: 'paragraph' };

function blockOf(node: Mdast): readonly WenkuNode[] {
  const children = node.children ?? [];
  switch (node.type) {
    case 'heading':
      return [{ type: 'heading', attrs: { level: node.depth ?? 1 }, content: inlineOf(children, []) }];
    case 'paragraph': {
      const [only] = children;
      if (children.length === 1 && only?.type === 'image' && imageHash(only.url)) return [imageOf(only)];
      return [paragraph(inlineOf(children, []))];
    }
    case 'list': {
      const content = children.map((item) => {
        const inner = blocksOf(item.children ?? []);
        return { type: 'listItem', content: inner.length > 0 ? inner : [paragraph([])] };
      });
      return [
        node.ordered
          ? { type: 'orderedList', attrs: { start: node.start ?? 1 }, content }
          : { type: 'bulletList', content },
      ];
    }
    case 'blockquote':
      return [{ type: 'blockquote', content: blocksOf(children) }];
    case 'code':
      return [
        {
          type: 'codeBlock',
          ...(node.lang ? { attrs: { language: node.lang } } : {}),
          ...(node.value ? { content: [{ type: 'text', text: node.value }] } : {}),
        },
      ];
    case 'math':
      return [{ type: 'mathBlock', attrs: { latex: node.value ?? '' } }];
    case 'thematicBreak':
      return [{ type: 'horizontalRule' }];
    case 'table':
      return [tableOf(node)];
    case 'html':
      return node.value ? [paragraph([{ type: 'text', text: node.value }])] : [];
    case 'definition':
    case 'footnoteDefinition':
      return [];
    default:
      return children.length > 0 ? blocksOf(children) : [];
  }
}

function tableOf(node: Mdast): WenkuNode {
  return {
    type: 'table',
    content: (node.children ?? []).map((row, at) => ({
      type: 'tableRow',
      content: (row.children ?? []).map((cell, column) => ({
        type: at === 0 ? 'tableHeader' : 'tableCell',
        ...(node.align?.[column] ? { attrs: { align: node.align[column] } } : {}),
        content: [paragraph(inlineOf(cell.children ?? [], []))],
      })),
    })),
  };
}

const imageOf = (node: Mdast): WenkuNode => ({ type: 'image', attrs: { src: node.url ?? '', alt: node.alt ?? '' } });

function inlineOf(nodes: readonly Mdast[], marks: Marks): WenkuNode[] {
  return joinText(nodes.flatMap((node) => inlineNode(node, marks)));
}

function inlineNode(node: Mdast, marks: Marks): readonly WenkuNode[] {
  const children = node.children ?? [];
  const text = (value: string, own: Marks = marks): WenkuNode[] =>
    value === '' ? [] : [{ type: 'text', text: value, ...(own.length > 0 ? { marks: own } : {}) }];
  const within = (type: WenkuMark['type']) => inlineOf(children, [...marks, { type }]);
  switch (node.type) {
    case 'text':
      // A line that goes on in the source is one line here, and between Chinese words there is no space.
      return text(
        (node.value ?? '')
          .replace(/(?<=[\p{Script=Han}，。；：！？、”’）》])\s*\n\s*(?=[\p{Script=Han}“‘（《])/gu, '')
          .replace(/\s*\n\s*/g, ' '),
      );
    case 'strong':
      return within('bold');
    case 'emphasis':
      return within('italic');
    case 'delete':
      return within('strike');
    case 'inlineCode':
      return text(node.value ?? '', [...marks, { type: 'code' }]);
    case 'inlineMath':
      return [{ type: 'mathInline', attrs: { latex: node.value ?? '' } }];
    case 'break':
      return [{ type: 'hardBreak' }];
    case 'link': {
      const href = node.url ?? '';
      return inlineOf(children, safeAddress(href) ? [...marks, { type: 'link', attrs: { href } }] : marks);
    }
    case 'image': {
      const href = node.url ?? '';
      const words = node.alt || href;
      return text(words, safeAddress(href) ? [...marks, { type: 'link', attrs: { href } }] : marks);
    }
    case 'html':
      return /^<br\s*\/?>$/i.test(node.value ?? '') ? [{ type: 'hardBreak' }] : text(node.value ?? '');
    default:
      return node.value ? text(node.value) : inlineOf(children, marks);
  }
}

/** Neighbouring text with the same marks is one node, as the editor keeps it. */
function joinText(nodes: readonly WenkuNode[]): WenkuNode[] {
  const joined: WenkuNode[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (last?.type === 'text' && node.type === 'text' && JSON.stringify(last.marks) === JSON.stringify(node.marks))
      joined[joined.length - 1] = { ...last, text: `${last.text}${node.text}` };
    else joined.push(node);
  }
  return joined;
}
