import { makeZip } from './make-zip.ts';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships';
const officeType = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export type DocxPart =
  | { readonly heading: 1 | 2 | 3; readonly text: string }
  | { readonly text: string }
  | { readonly table: readonly (readonly string[])[] };

/** A Word document with headings, paragraphs and tables; `extra` adds or replaces parts of the archive. */
export function makeDocx(
  parts: readonly DocxPart[],
  extra: Readonly<Record<string, string | Uint8Array>> = {},
): Uint8Array {
  const paragraph = (text: string, style = '') =>
    `<w:p>${style && `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r></w:p>`;
  const body = parts.map((part) => {
    if ('table' in part)
      return `<w:tbl>${part.table.map((row) => `<w:tr>${row.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`;
    return paragraph(part.text, 'heading' in part ? `Heading${part.heading}` : '');
  });
  const styles = [1, 2, 3].map(
    (level) => `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`,
  );
  const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  return makeZip({
    '[Content_Types].xml': `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`,
    '_rels/.rels': `${xml}<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${officeType}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/_rels/document.xml.rels': `${xml}<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${officeType}/styles" Target="styles.xml"/></Relationships>`,
    'word/styles.xml': `${xml}<w:styles ${w}>${styles.join('')}</w:styles>`,
    'word/document.xml': `${xml}<w:document ${w}><w:body>${body.join('')}</w:body></w:document>`,
    ...extra,
  });
}

export interface Slide {
  readonly title: string;
  readonly items: readonly string[];
  readonly notes?: string;
  readonly table?: readonly (readonly string[])[];
}

/** A PowerPoint presentation. */
export function makePptx(slides: readonly Slide[]): Uint8Array {
  const spaces =
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"';
  const paragraphs = (texts: readonly string[]) =>
    texts.map((text) => `<a:p><a:r><a:t>${escaped(text)}</a:t></a:r></a:p>`).join('');
  const shape = (kind: string, texts: readonly string[]) =>
    `<p:sp><p:nvSpPr><p:nvPr><p:ph type="${kind}"/></p:nvPr></p:nvSpPr><p:txBody>${paragraphs(texts)}</p:txBody></p:sp>`;
  const tableOf = (rows: Slide['table']) =>
    rows
      ? `<p:graphicFrame><a:graphic><a:graphicData><a:tbl>${rows.map((row) => `<a:tr>${row.map((cell) => `<a:tc><a:txBody>${paragraphs([cell])}</a:txBody></a:tc>`).join('')}</a:tr>`).join('')}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`
      : '';
  const files: Record<string, string> = {
    'ppt/presentation.xml': `${xml}<p:presentation ${spaces}><p:sldIdLst>${slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': `${xml}<Relationships xmlns="${relationships}">${slides.map((_, index) => `<Relationship Id="rId${index + 1}" Type="${officeType}/slide" Target="slides/slide${index + 1}.xml"/>`).join('')}</Relationships>`,
  };
  for (const [index, { title, items, notes, table }] of slides.entries()) {
    const path = `slide${index + 1}.xml`;
    files[`ppt/slides/${path}`] =
      `${xml}<p:sld ${spaces}><p:cSld><p:spTree>${shape('title', [title])}${shape('body', items)}${tableOf(table)}${shape('sldNum', [String(index + 1)])}</p:spTree></p:cSld></p:sld>`;
    if (!notes) continue;
    files[`ppt/slides/_rels/${path}.rels`] =
      `${xml}<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${officeType}/notesSlide" Target="../notesSlides/${path}"/></Relationships>`;
    files[`ppt/notesSlides/${path}`] =
      `${xml}<p:notes ${spaces}><p:cSld><p:spTree>${shape('body', [notes])}</p:spTree></p:cSld></p:notes>`;
  }
  return makeZip(files);
}

/** A workbook: text cells through the shared strings, numbers as numbers, `Date` as a styled serial date. */
export function makeXlsx(
  sheets: Readonly<Record<string, readonly (readonly (string | number | Date)[])[]>>,
): Uint8Array {
  const strings: string[] = [];
  const cell = (value: string | number | Date, reference: string) => {
    if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`;
    if (value instanceof Date)
      return `<c r="${reference}" s="1"><v>${(value.getTime() - Date.UTC(1899, 11, 30)) / 86_400_000}</v></c>`;
    return `<c r="${reference}" t="s"><v>${strings.push(value) - 1}</v></c>`;
  };
  const names = Object.keys(sheets);
  const files: Record<string, string> = {
    'xl/workbook.xml': `${xml}<workbook xmlns:r="${officeType}"><sheets>${names.map((name, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${xml}<Relationships xmlns="${relationships}">${names.map((_, index) => `<Relationship Id="rId${index + 1}" Type="${officeType}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}</Relationships>`,
    'xl/styles.xml': `${xml}<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
  };
  for (const [index, rows] of Object.values(sheets).entries()) {
    const data = rows.map(
      (row, at) =>
        `<row r="${at + 1}">${row.map((value, column) => cell(value, `${String.fromCharCode(65 + column)}${at + 1}`)).join('')}</row>`,
    );
    files[`xl/worksheets/sheet${index + 1}.xml`] =
      `${xml}<worksheet><sheetData>${data.join('')}</sheetData></worksheet>`;
  }
  files['xl/sharedStrings.xml'] =
    `${xml}<sst>${strings.map((text) => `<si><t>${escaped(text)}</t></si>`).join('')}</sst>`;
  return makeZip(files);
}

/** An EPUB book of XHTML chapters. */
export function makeEpub(chapters: readonly string[]): Uint8Array {
  const files: Record<string, string> = {
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': `${xml}<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>`,
    'OEBPS/book.opf': `${xml}<package><manifest>${chapters.map((_, index) => `<item id="c${index}" href="c${index}.xhtml"/>`).join('')}</manifest><spine>${chapters.map((_, index) => `<itemref idref="c${index}"/>`).join('')}</spine></package>`,
  };
  for (const [index, chapter] of chapters.entries())
    files[`OEBPS/c${index}.xhtml`] = `<html><body>${chapter}</body></html>`;
  return makeZip(files);
}
