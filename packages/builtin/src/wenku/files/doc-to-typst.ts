/** A document as Typst's source. All words are strings, so that nothing of them is markup. */
import type { WenkuNode } from '@myriad/contracts';
import { chineseMarkdown, englishMarkdown } from '../markdown/to-markdown.ts';
import { imageHash, safeAddress } from '../model/check-content.ts';
import { textOf } from '../model/plain-text.ts';
import { type ExportInput, fitInto } from './export-input.ts';
import { typstMath, typstString, typstWords } from './typst-text.ts';

export interface TypstOptions {
  /** Formulas as their LaTeX, when the typesetting of one failed. */
  readonly plainMath: boolean;
  /** Families in their order: the first that has a letter gives it. */
  readonly fonts: readonly string[];
}

export function docToTypst(nodes: readonly WenkuNode[], input: ExportInput, options: TypstOptions): string {
  const head = `#set document(title: ${typstString(input.title)}, author: ${typstString(input.author)})
#set page(paper: "a4", margin: (x: 25mm, y: 25mm), numbering: "1")
#set text(font: (${options.fonts.map(typstString).join(', ')}), size: 10.5pt, lang: "${input.language}"${input.language === 'zh' ? ', region: "cn"' : ''})
#set par(leading: 0.85em, spacing: 1.15em, justify: true)
#set heading(numbering: none)
#show heading: set block(above: 1.6em, below: 0.9em)
#show heading.where(level: 1): set text(size: 19pt)
#show heading.where(level: 2): set text(size: 14.5pt)
#show heading.where(level: 3): set text(size: 12pt)
#show link: set text(fill: rgb("#1f5f8b"))
#show raw: set text(font: (${['DejaVu Sans Mono', ...options.fonts].map(typstString).join(', ')}))
`;
  return head + nodes.map((node) => blockOf(node, input, options)).join('\n\n');
}

function blockOf(node: WenkuNode, input: ExportInput, options: TypstOptions): string {
  const content = node.content ?? [];
  const inline = () => content.map((child) => inlineOf(child, input, options)).join('');
  const blocks = () => content.map((child) => blockOf(child, input, options)).join('\n\n');
  switch (node.type) {
    case 'paragraph':
      return content.length === 0 ? '#v(0.4em)' : `#par[${inline()}]`;
    case 'heading':
      return `#heading(level: ${Number(node.attrs?.level ?? 1)})[${inline()}]`;
    case 'bulletList':
      return `#list(${content.map((item) => `[${itemOf(item, input, options)}]`).join(', ')})`;
    case 'orderedList':
      return `#enum(start: ${Number(node.attrs?.start ?? 1)}, ${content.map((item) => `[${itemOf(item, input, options)}]`).join(', ')})`;
    case 'blockquote':
      return `#block(inset: (left: 1em), stroke: (left: 2pt + rgb("#c9c4b8")))[#set text(fill: rgb("#5d6672"));\n${blocks()}]`;
    case 'codeBlock':
      return `#block(fill: rgb("#f3f1ec"), inset: 8pt, radius: 3pt, width: 100%)[#raw(${typstString(textOf(node))}, block: true)]`;
    case 'mathBlock':
      return `#align(center)[${typstMath(String(node.attrs?.latex ?? ''), true, options.plainMath)}]`;
    case 'horizontalRule':
      return '#line(length: 100%, stroke: 0.5pt + rgb("#c9c4b8"))';
    case 'image': {
      const hash = imageHash(node.attrs?.src) ?? '';
      const image = input.images.get(hash);
      const alt = String(node.attrs?.alt ?? '');
      if (!image) return typstWords(alt);
      const { width } = fitInto(image, 453, 620);
      return `#figure(image("/images/${hash}", width: ${width.toFixed(1)}pt, alt: ${typstString(alt)})${alt ? `, caption: [${typstWords(alt)}], numbering: none` : ''})`;
    }
    case 'table':
      return tableOf(node, input, options);
    default:
      return '';
  }
}

/** The first paragraph of an item stands on the line of its mark. */
function itemOf(item: WenkuNode, input: ExportInput, options: TypstOptions): string {
  return (item.content ?? [])
    .map((child, at) =>
      at === 0 && child.type === 'paragraph'
        ? (child.content ?? []).map((inner) => inlineOf(inner, input, options)).join('')
        : blockOf(child, input, options),
    )
    .join('\n\n');
}

function tableOf(node: WenkuNode, input: ExportInput, options: TypstOptions): string {
  const rows = node.content ?? [];
  const columns = Math.max(
    1,
    ...rows.map((row) => (row.content ?? []).reduce((sum, cell) => sum + Number(cell.attrs?.colspan ?? 1), 0)),
  );
  const cells = rows.flatMap((row) =>
    (row.content ?? []).map((cell) => {
      const header = cell.type === 'tableHeader';
      const inner = (cell.content ?? [])
        .map((child) =>
          child.type === 'paragraph'
            ? (child.content ?? []).map((each) => inlineOf(each, input, options)).join('')
            : blockOf(child, input, options),
        )
        .join('\n\n');
      return `table.cell(colspan: ${Number(cell.attrs?.colspan ?? 1)}, rowspan: ${Number(cell.attrs?.rowspan ?? 1)}${header ? ', fill: rgb("#f3f1ec")' : ''})[${header ? `#strong[${inner}]` : inner}]`;
    }),
  );
  return `#table(columns: (1fr,) * ${columns}, inset: 6pt, align: left, stroke: 0.5pt + rgb("#c9c4b8"), ${cells.join(', ')})`;
}

function inlineOf(node: WenkuNode, input: ExportInput, options: TypstOptions): string {
  if (node.type === 'hardBreak') return '#linebreak();';
  if (node.type === 'mathInline') return typstMath(String(node.attrs?.latex ?? ''), false, options.plainMath);
  if (node.type === 'citation') {
    const words = input.language === 'zh' ? chineseMarkdown : englishMarkdown;
    const page = typeof node.attrs?.page === 'number' ? `, ${words.page(node.attrs.page)}` : '';
    return `#footnote[${typstWords(`${node.attrs?.documentName ?? ''}${page}: “${node.attrs?.quote ?? ''}”`)}];`;
  }
  let made = typstWords(node.text ?? '');
  for (const mark of node.marks ?? []) {
    const href = mark.attrs?.href ?? '';
    if (mark.type === 'bold') made = `#strong[${made}];`;
    else if (mark.type === 'italic') made = `#emph[${made}];`;
    else if (mark.type === 'strike') made = `#strike[${made}];`;
    else if (mark.type === 'underline') made = `#underline[${made}];`;
    else if (mark.type === 'code') made = `#raw(${typstString(node.text ?? '')});`;
    else if (mark.type === 'link' && safeAddress(href) && /^(https?:|mailto:)/i.test(href))
      made = `#link(${typstString(href)})[${made}];`;
  }
  return made;
}
