/** HTML to a document: what a reader sees of it. Scripts, styles and forms are left out; images come as data only. */
import type { WenkuDoc, WenkuMark, WenkuNode } from '@myriad/contracts';
import { parseHTML } from 'linkedom';
import { safeAddress } from '../model/check-content.ts';

interface DomNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<DomNode>;
  getAttribute?(name: string): string | null;
}

/** Keeps an image that stands in the page as data; returns its hash, or null when it is of no known kind. */
export type KeepImage = (bytes: Uint8Array) => string | null;

const skipped = new Set(
  'SCRIPT STYLE NOSCRIPT TEMPLATE HEAD FORM BUTTON INPUT SELECT TEXTAREA IFRAME OBJECT EMBED SVG NAV'.split(' '),
);
const marksOf: Readonly<Record<string, WenkuMark['type']>> = {
  B: 'bold',
  STRONG: 'bold',
  I: 'italic',
  EM: 'italic',
  S: 'strike',
  DEL: 'strike',
  STRIKE: 'strike',
  U: 'underline',
  CODE: 'code',
};

export function docFromHtml(html: string, keepImage: KeepImage): WenkuDoc {
  const whole = /<html[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`;
  const { document } = parseHTML(whole);
  const content = blocksOf(document.body as unknown as DomNode, keepImage, 0);
  return { type: 'doc', content: content.length > 0 ? content : [{ type: 'paragraph' }] };
}

const list = (node: DomNode): readonly DomNode[] => Array.from(node.childNodes);
const elements = (node: DomNode, ...names: readonly string[]) =>
  list(node).filter(({ nodeName }) => names.includes(nodeName.toUpperCase()));

function blocksOf(root: DomNode, keepImage: KeepImage, depth: number): WenkuNode[] {
  const blocks: WenkuNode[] = [];
  let open: WenkuNode[] = [];
  const close = () => {
    const content = trimmed(open);
    if (content.length > 0) blocks.push({ type: 'paragraph', content });
    open = [];
  };
  for (const node of list(root)) {
    const name = node.nodeName.toUpperCase();
    if (node.nodeType !== 1 && node.nodeType !== 3) continue;
    if (skipped.has(name)) continue;
    const block = node.nodeType === 1 && depth < 30 ? blockOf(node, name, keepImage, depth) : null;
    if (block) {
      close();
      blocks.push(...block);
    } else open.push(...inlineOf(node, []));
  }
  close();
  return blocks;
}

function blockOf(node: DomNode, name: string, keepImage: KeepImage, depth: number): readonly WenkuNode[] | null {
  const heading = /^H([1-6])$/.exec(name);
  const inner = () => blocksOf(node, keepImage, depth + 1);
  if (heading) {
    const content = trimmed(list(node).flatMap((child) => inlineOf(child, [])));
    return content.length > 0 ? [{ type: 'heading', attrs: { level: Number(heading[1]) }, content }] : [];
  }
  switch (name) {
    case 'UL':
    case 'OL': {
      const content = elements(node, 'LI').map((item) => {
        const blocks = blocksOf(item, keepImage, depth + 1);
        return { type: 'listItem', content: blocks.length > 0 ? blocks : [{ type: 'paragraph' }] };
      });
      if (content.length === 0) return [];
      return [
        name === 'UL'
          ? { type: 'bulletList', content }
          : { type: 'orderedList', attrs: { start: Number(node.getAttribute?.('start')) || 1 }, content },
      ];
    }
    case 'BLOCKQUOTE': {
      const content = inner();
      return content.length > 0 ? [{ type: 'blockquote', content }] : [];
    }
    case 'PRE': {
      const text = (node.textContent ?? '').replace(/\n$/, '');
      return [{ type: 'codeBlock', ...(text ? { content: [{ type: 'text', text }] } : {}) }];
    }
    case 'HR':
      return [{ type: 'horizontalRule' }];
    case 'TABLE': {
      const rows = [
        ...elements(node, 'TR'),
        ...elements(node, 'THEAD', 'TBODY', 'TFOOT').flatMap((part) => elements(part, 'TR')),
      ];
      const content = rows
        .map((row) => ({
          type: 'tableRow',
          content: elements(row, 'TD', 'TH').map((cell) => {
            const blocks = blocksOf(cell, keepImage, depth + 1);
            const spans = Object.fromEntries(
              (['colspan', 'rowspan'] as const)
                .map((side) => [side, Number(cell.getAttribute?.(side)) || 1] as const)
                .filter(([, count]) => count > 1),
            );
            return {
              type: cell.nodeName.toUpperCase() === 'TH' ? 'tableHeader' : 'tableCell',
              ...(Object.keys(spans).length > 0 ? { attrs: spans } : {}),
              content: blocks.length > 0 ? blocks : [{ type: 'paragraph' }],
            };
          }),
        }))
        .filter((row) => row.content.length > 0);
      return content.length > 0 ? [{ type: 'table', content }] : [];
    }
    case 'IMG': {
      const data = /^data:image\/[a-z+]+;base64,(.+)$/s.exec(node.getAttribute?.('src') ?? '')?.[1];
      const hash = data ? keepImage(Buffer.from(data, 'base64')) : null;
      const alt = node.getAttribute?.('alt') ?? '';
      if (hash) return [{ type: 'image', attrs: { src: `wenku:${hash}`, alt } }];
      return alt ? [{ type: 'paragraph', content: [{ type: 'text', text: alt }] }] : [];
    }
    case 'P':
    case 'DIV':
    case 'SECTION':
    case 'ARTICLE':
    case 'MAIN':
    case 'HEADER':
    case 'FOOTER':
    case 'ASIDE':
    case 'FIGURE':
    case 'FIGCAPTION':
    case 'DL':
    case 'DT':
    case 'DD':
    case 'DETAILS':
    case 'SUMMARY':
    case 'BODY':
      return inner();
    default:
      return null;
  }
}

function inlineOf(node: DomNode, marks: readonly WenkuMark[]): WenkuNode[] {
  if (node.nodeType === 3) {
    const text = (node.textContent ?? '').replace(/[ \t\r\n]+/g, ' ');
    return text === '' ? [] : [{ type: 'text', text, ...(marks.length > 0 ? { marks } : {}) }];
  }
  const name = node.nodeName.toUpperCase();
  if (node.nodeType !== 1 || skipped.has(name)) return [];
  if (name === 'BR') return [{ type: 'hardBreak' }];
  const href = name === 'A' ? (node.getAttribute?.('href') ?? '') : '';
  const type = marksOf[name];
  const own: readonly WenkuMark[] =
    href && safeAddress(href)
      ? [...marks, { type: 'link', attrs: { href } }]
      : type && !marks.some((mark) => mark.type === type)
        ? [...marks, { type }]
        : marks;
  return list(node).flatMap((child) => inlineOf(child, own));
}

/** Without white space at the ends, and without text that is nothing. */
function trimmed(nodes: readonly WenkuNode[]): WenkuNode[] {
  const kept = [...nodes];
  const cut = (at: 0 | -1) => {
    for (let node = kept.at(at); node; node = kept.at(at)) {
      const text = node.type === 'text' ? (at === 0 ? node.text?.trimStart() : node.text?.trimEnd()) : undefined;
      if (node.type === 'hardBreak' || text === '') {
        if (at === 0) kept.shift();
        else kept.pop();
        continue;
      }
      if (text !== undefined) kept[at === 0 ? 0 : kept.length - 1] = { ...node, text };
      return;
    }
  };
  cut(0);
  cut(-1);
  return kept;
}
