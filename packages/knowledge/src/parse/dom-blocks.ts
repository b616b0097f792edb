import type { Block } from './blocks.ts';
import { tidyLine } from './tidy-text.ts';

/** What is needed of a DOM node; linkedom's and the browser's both fit. */
interface DomNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<DomNode>;
}

const blockNames = new Set(
  'ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CAPTION CENTER DD DETAILS DIALOG DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM HEADER HTML LEGEND LI MAIN MENU NAV OL P SECTION SUMMARY TR TD TH TBODY THEAD TFOOT UL'.split(
    ' ',
  ),
);

/** Headings, paragraphs, items, tables and code below a DOM node, in reading order. */
export function domBlocks(root: unknown): Block[] {
  const blocks: Block[] = [];
  let inline = '';
  let kind: 'paragraph' | 'item' = 'paragraph';
  const close = () => {
    const text = tidyLine(inline);
    inline = '';
    if (text !== '' && text !== '-') blocks.push({ kind, text });
    kind = 'paragraph';
  };
  const visit = (node: DomNode): void => {
    if (node.nodeType === 3) {
      inline += node.textContent ?? '';
      return;
    }
    if (node.nodeType !== 1) return;
    const name = node.nodeName.toUpperCase();
    const heading = /^H([1-6])$/.exec(name);
    if (heading) {
      close();
      const text = tidyLine(node.textContent ?? '');
      if (text !== '') blocks.push({ kind: 'heading', level: Number(heading[1]), text });
    } else if (name === 'TABLE') {
      close();
      pushTable(node, blocks, visit);
      close();
    } else if (name === 'PRE') {
      close();
      const code = (node.textContent ?? '').replace(/\r\n?/g, '\n').trim();
      if (code !== '') blocks.push({ kind: 'code', text: code });
    } else if (name === 'BR') {
      const wasItem = kind;
      close();
      kind = wasItem;
    } else if (name === 'LI') {
      close();
      kind = 'item';
      inline = '- ';
      visitChildren(node);
      close();
    } else if (blockNames.has(name)) {
      // A paragraph inside a list item stays that item.
      if (!(inline.trim() === '-' && kind === 'item')) close();
      visitChildren(node);
      close();
    } else visitChildren(node);
  };
  const visitChildren = (node: DomNode) => {
    for (const child of Array.from(node.childNodes)) visit(child);
  };
  visit(root as DomNode);
  close();
  return blocks;
}

/** A table of one column, or one that holds tables, only lays things out: its cells are read as they come. */
function pushTable(table: DomNode, blocks: Block[], visit: (node: DomNode) => void): void {
  const rows = rowsOf(table);
  if (rows.every((row) => row.length <= 1) || holdsTable(table)) {
    for (const child of Array.from(table.childNodes)) visit(child);
    return;
  }
  const cells = rows.map((row) => row.map((cell) => tidyLine(cell.textContent ?? '')));
  const filled = cells.filter((row) => row.some((cell) => cell !== ''));
  const header = rows[0]?.every((cell) => cell.nodeName.toUpperCase() === 'TH') ?? false;
  if (filled.length > 0) blocks.push({ kind: 'table', rows: filled, header: header || looksLikeHeader(filled) });
}

/** First row without digits above rows that have some: what a reader takes for a header. */
export function looksLikeHeader(rows: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = rows;
  if (!first || rest.length === 0 || first.some((cell) => cell === '' || /\d{2}/.test(cell) || cell.length > 60))
    return false;
  return rest.length >= 2 || rest.some((row) => row.some((cell) => /\d/.test(cell)));
}

function* elementsOf(node: DomNode): Generator<DomNode> {
  for (const child of Array.from(node.childNodes)) {
    if (child.nodeType !== 1) continue;
    yield child;
    yield* elementsOf(child);
  }
}

const holdsTable = (table: DomNode): boolean =>
  elementsOf(table).some((node) => node.nodeName.toUpperCase() === 'TABLE');

function rowsOf(table: DomNode): DomNode[][] {
  return [...elementsOf(table)]
    .filter((node) => node.nodeName.toUpperCase() === 'TR')
    .map((row) => Array.from(row.childNodes).filter((node) => /^T[DH]$/i.test(node.nodeName)));
}
