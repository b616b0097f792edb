/** A document as Word's file: real headings, lists, tables and footnotes, Chinese words in a Chinese font. */
import type { WenkuNode } from '@myriad/contracts';
import {
  AlignmentType,
  BorderStyle,
  Document,
  ExternalHyperlink,
  type FileChild,
  FootnoteReferenceRun,
  HeadingLevel,
  ImageRun,
  type IRunOptions,
  LevelFormat,
  Math as OfficeMath,
  Packer,
  Paragraph,
  type ParagraphChild,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { docFromDeck } from '../deck/doc-from-deck.ts';
import { imageHash } from '../model/check-content.ts';
import { textOf } from '../model/plain-text.ts';
import { type ExportInput, fitInto, officeFonts } from './export-input.ts';
import { officeMath } from './math-tree.ts';

const headings = [
  HeadingLevel.HEADING_1,
  HeadingLevel.HEADING_2,
  HeadingLevel.HEADING_3,
  HeadingLevel.HEADING_4,
  HeadingLevel.HEADING_5,
  HeadingLevel.HEADING_6,
] as const;

interface Writing {
  readonly input: ExportInput;
  readonly footnotes: Record<string, { readonly children: readonly Paragraph[] }>;
  lists: number;
  readonly listStarts: number[];
}

/** What surrounds a block: the list that it stands in, a quotation, a table. */
interface Surroundings {
  readonly list?: { readonly reference: string; readonly level: number };
  readonly quoted?: boolean;
  readonly inCell?: boolean;
}

const font = {
  ascii: officeFonts.latin,
  hAnsi: officeFonts.latin,
  eastAsia: officeFonts.eastAsia,
  cs: officeFonts.latin,
};
const mono = { ascii: officeFonts.mono, hAnsi: officeFonts.mono, eastAsia: officeFonts.eastAsia, cs: officeFonts.mono };
const pageWidth = 602;

export async function toDocx(input: ExportInput): Promise<Uint8Array> {
  const doc = input.content.type === 'deck' ? docFromDeck(input.content) : input.content;
  const writing: Writing = { input, footnotes: {}, lists: 0, listStarts: [] };
  const children = doc.content.flatMap((node) => blockOf(node, {}, writing));
  const heading = (size: number, before: number) => ({
    run: { size, bold: true, color: '1B1F24', font },
    paragraph: { spacing: { before, after: 120 }, keepNext: true },
  });
  const file = new Document({
    title: input.title,
    creator: input.author,
    styles: {
      // Named, so that Word shows them in its list of styles and an import knows them again.
      paragraphStyles: [
        { id: 'Quote', name: 'Quote', basedOn: 'Normal', quickFormat: true, run: { color: '5D6672' } },
        { id: 'Code', name: 'Code', basedOn: 'Normal', quickFormat: true },
      ],
      default: {
        document: {
          run: { font, size: 22, language: { value: 'en-US', eastAsia: 'zh-CN' } },
          paragraph: { spacing: { line: 320, after: 140 } },
        },
        heading1: heading(36, 360),
        heading2: heading(28, 320),
        heading3: heading(24, 260),
        heading4: heading(22, 220),
        hyperlink: { run: { color: '1F5F8B', underline: {} } },
      },
    },
    numbering: {
      config: [
        { reference: 'bullets', levels: levels(() => LevelFormat.BULLET, ['•', '◦', '▪']) },
        ...writing.listStarts.map((start, at) => ({
          reference: `numbers-${at + 1}`,
          levels: levels(() => LevelFormat.DECIMAL, [], start),
        })),
      ],
    },
    footnotes: writing.footnotes,
    sections: [{ properties: {}, children }],
  });
  return new Uint8Array(await Packer.toBuffer(file));
}

function levels(format: () => (typeof LevelFormat)[keyof typeof LevelFormat], marks: readonly string[], start = 1) {
  return Array.from({ length: 9 }, (_, level) => ({
    level,
    format: format(),
    text: marks.length > 0 ? (marks[level % marks.length] as string) : `%${level + 1}.`,
    start: level === 0 ? start : 1,
    alignment: AlignmentType.LEFT,
    style: { paragraph: { indent: { left: 480 * (level + 1), hanging: 320 }, spacing: { after: 60 } } },
  }));
}

function blockOf(node: WenkuNode, around: Surroundings, writing: Writing): FileChild[] {
  const content = node.content ?? [];
  const common = {
    ...(around.list ? { numbering: { reference: around.list.reference, level: Math.min(8, around.list.level) } } : {}),
    ...(around.quoted
      ? {
          style: 'Quote',
          indent: { left: 480 },
          border: { left: { style: BorderStyle.SINGLE, size: 12, space: 10, color: 'C9C4B8' } },
        }
      : {}),
    ...(around.inCell ? { spacing: { before: 40, after: 40 } } : {}),
  };
  switch (node.type) {
    case 'paragraph':
      return [new Paragraph({ ...common, children: inlineOf(content, writing) })];
    case 'heading':
      return [
        new Paragraph({
          heading: headings[Number(node.attrs?.level ?? 1) - 1] ?? HeadingLevel.HEADING_1,
          children: inlineOf(content, writing),
        }),
      ];
    case 'bulletList':
    case 'orderedList': {
      let reference = 'bullets';
      if (node.type === 'orderedList') {
        writing.lists += 1;
        writing.listStarts.push(Number(node.attrs?.start ?? 1));
        reference = `numbers-${writing.lists}`;
      }
      const level = around.list ? around.list.level + 1 : 0;
      return content.flatMap((item) =>
        (item.content ?? []).flatMap((child, at) => {
          const nested = child.type === 'bulletList' || child.type === 'orderedList';
          // Only the first block of an item bears its mark.
          if (at === 0 || nested) return blockOf(child, { ...around, list: { reference, level } }, writing);
          const { list: _list, ...rest } = around;
          return blockOf(child, rest, writing);
        }),
      );
    }
    case 'blockquote':
      return content.flatMap((child) => blockOf(child, { ...around, quoted: true }, writing));
    case 'codeBlock':
      return [
        new Paragraph({
          style: 'Code',
          shading: { type: ShadingType.CLEAR, fill: 'F3F1EC', color: 'auto' },
          children: textOf(node)
            .split('\n')
            .map((line, at) => new TextRun({ text: line, font: mono, size: 19, ...(at > 0 ? { break: 1 } : {}) })),
        }),
      ];
    case 'mathBlock':
      return [
        new Paragraph({
          alignment: AlignmentType.CENTER,
          children: [new OfficeMath({ children: officeMath(String(node.attrs?.latex ?? '')) })],
        }),
      ];
    case 'horizontalRule':
      return [
        new Paragraph({
          border: { bottom: { style: BorderStyle.SINGLE, size: 6, space: 1, color: 'C9C4B8' } },
          children: [],
        }),
      ];
    case 'image':
      return imageOf(node, writing);
    case 'table':
      return tableOf(node, writing);
    default:
      return [];
  }
}

function imageOf(node: WenkuNode, writing: Writing): FileChild[] {
  const image = writing.input.images.get(imageHash(node.attrs?.src) ?? '');
  const alt = String(node.attrs?.alt ?? '');
  if (!image) return alt ? [new Paragraph({ children: [new TextRun({ text: alt, italics: true })] })] : [];
  const kind = image.mediaType === 'image/jpeg' ? 'jpg' : image.mediaType === 'image/gif' ? 'gif' : 'png';
  const run = new ImageRun({
    type: kind,
    data: image.bytes,
    transformation: fitInto(image, pageWidth, 760),
    altText: { name: alt || 'image', title: alt, description: alt },
  });
  return [
    new Paragraph({ alignment: AlignmentType.CENTER, children: [run] }),
    ...(alt
      ? [
          new Paragraph({
            alignment: AlignmentType.CENTER,
            children: [new TextRun({ text: alt, size: 19, color: '5D6672' })],
          }),
        ]
      : []),
  ];
}

function tableOf(node: WenkuNode, writing: Writing): FileChild[] {
  const line = { style: BorderStyle.SINGLE, size: 4, color: 'C9C4B8' };
  const rows = (node.content ?? []).map((row) => {
    const cells = row.content ?? [];
    return new TableRow({
      cantSplit: true,
      tableHeader: cells.length > 0 && cells.every(({ type }) => type === 'tableHeader'),
      children: cells.map((cell) => {
        const header = cell.type === 'tableHeader';
        const children = (cell.content ?? []).flatMap((child) =>
          blockOf(header ? bold(child) : child, { inCell: true }, writing),
        );
        return new TableCell({
          columnSpan: Number(cell.attrs?.colspan ?? 1),
          rowSpan: Number(cell.attrs?.rowspan ?? 1),
          margins: { top: 40, bottom: 40, left: 100, right: 100 },
          ...(header ? { shading: { type: ShadingType.CLEAR, fill: 'F3F1EC', color: 'auto' } } : {}),
          children: (children.length > 0 ? children : [new Paragraph({})]) as Paragraph[],
        });
      }),
    });
  });
  if (rows.length === 0) return [];
  const columns = Math.max(
    1,
    ...(node.content ?? []).map((row) =>
      (row.content ?? []).reduce((sum, cell) => sum + Number(cell.attrs?.colspan ?? 1), 0),
    ),
  );
  return [
    new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      columnWidths: Array.from({ length: columns }, () => Math.floor(9026 / columns)),
      borders: { top: line, bottom: line, left: line, right: line, insideHorizontal: line, insideVertical: line },
      rows,
    }),
    new Paragraph({ spacing: { after: 80 }, children: [] }),
  ];
}

const bold = (node: WenkuNode): WenkuNode => ({
  ...node,
  ...(node.content
    ? {
        content: node.content.map((child) =>
          child.type === 'text' ? { ...child, marks: [...(child.marks ?? []), { type: 'bold' as const }] } : child,
        ),
      }
    : {}),
});

function inlineOf(nodes: readonly WenkuNode[], writing: Writing): ParagraphChild[] {
  return nodes.flatMap((node): ParagraphChild[] => {
    if (node.type === 'hardBreak') return [new TextRun({ break: 1 })];
    if (node.type === 'mathInline') return [new OfficeMath({ children: officeMath(String(node.attrs?.latex ?? '')) })];
    if (node.type === 'citation') return [footnote(node, writing)];
    const marks = new Map((node.marks ?? []).map((mark) => [mark.type, mark]));
    const look: IRunOptions = {
      text: node.text ?? '',
      ...(marks.has('bold') ? { bold: true } : {}),
      ...(marks.has('italic') ? { italics: true } : {}),
      ...(marks.has('strike') ? { strike: true } : {}),
      ...(marks.has('underline') ? { underline: {} } : {}),
      ...(marks.has('code') ? { font: mono, shading: { type: ShadingType.CLEAR, fill: 'F3F1EC', color: 'auto' } } : {}),
    };
    const link = marks.get('link')?.attrs?.href;
    if (link && /^(https?:|mailto:)/i.test(link))
      return [new ExternalHyperlink({ link, children: [new TextRun({ ...look, style: 'Hyperlink' })] })];
    return [new TextRun(look)];
  });
}

function footnote(node: WenkuNode, writing: Writing): ParagraphChild {
  const id = Object.keys(writing.footnotes).length + 1;
  const { documentName, page, quote } = node.attrs ?? {};
  const place = page ? (writing.input.language === 'zh' ? `，第 ${page} 页` : `, p. ${page}`) : '';
  writing.footnotes[String(id)] = {
    children: [
      new Paragraph({ children: [new TextRun({ text: `${documentName ?? ''}${place}: “${quote ?? ''}”`, size: 18 })] }),
    ],
  };
  return new FootnoteReferenceRun(id);
}
