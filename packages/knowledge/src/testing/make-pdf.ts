/** How the font of a run carries its text; each is a way in which real files carry Chinese. */
export type PdfEncoding =
  /** Helvetica, one byte a character. */
  | 'latin'
  /** A Chinese font not carried in the file, codes are UCS-2 under the predefined map `UniGB-UCS2-H`. */
  | 'UniGB-UCS2-H'
  /** The same with GBK codes. */
  | 'GBK-EUC-H'
  /** Glyph numbers with a `ToUnicode` table, as subsets of carried fonts have. */
  | 'Identity-H'
  /** Glyph numbers of Adobe's collection without any table: what they show cannot be told from the file. */
  | 'bare';

export interface PdfRun {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size?: number;
  readonly encoding?: PdfEncoding;
}

/** A PDF made byte by byte (PDF 32000-1): pages of placed text. A page without runs shows a drawn box only. */
export function makePdf(
  pages: readonly (readonly PdfRun[])[],
  options: { readonly encrypted?: boolean } = {},
): Uint8Array {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  const stream = (content: string): number => add(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add('');
  const glyphs = [...new Set(pages.flat().flatMap((run) => (run.encoding === 'Identity-H' ? [...run.text] : [])))];
  const toUnicode = stream(toUnicodeMap(glyphs));
  const fonts = {
    latin: add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'),
    'UniGB-UCS2-H': add(compositeFont(objects.length + 2, 'STSong-Light', 'UniGB-UCS2-H')),
    gbSystem1: add(cidFont('STSong-Light', 'GB1')),
    'GBK-EUC-H': add(compositeFont(objects.length + 2, 'STSong-Light', 'GBK-EUC-H')),
    gbSystem2: add(cidFont('STSong-Light', 'GB1')),
    'Identity-H': add(compositeFont(objects.length + 2, 'ABCDEF+Song', 'Identity-H', toUnicode)),
    identitySystem: add(cidFont('ABCDEF+Song', 'Identity')),
    bare: add(compositeFont(objects.length + 2, 'ABCDEF+Song', 'Identity-H')),
    bareSystem: add(cidFont('ABCDEF+Song', 'GB1')),
  };
  const names = Object.entries(fonts)
    .map(([name, number]) => `/${name} ${number} 0 R`)
    .join(' ');
  const kids = pages.map((runs) => {
    const content = stream(runs.length === 0 ? '10 10 100 100 re f' : runs.map((run) => shown(run, glyphs)).join('\n'));
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << ${names} >> >> /Contents ${content} 0 R >>`,
    );
  });
  objects[1] = `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`;
  const trailer = options.encrypted ? ` /Encrypt ${add(encryption)} 0 R /ID [<00> <00>]` : '';
  return assemble(objects, trailer);
}

/** An encryption dictionary whose passwords nobody knows (standard handler, revision 3). */
const encryption = `<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <${'ab'.repeat(32)}> /U <${'cd'.repeat(32)}> >>`;

const compositeFont = (child: number, name: string, encoding: string, toUnicode?: number): string =>
  `<< /Type /Font /Subtype /Type0 /BaseFont /${name} /Encoding /${encoding} /DescendantFonts [${child} 0 R]${toUnicode ? ` /ToUnicode ${toUnicode} 0 R` : ''} >>`;

const cidFont = (name: string, ordering: string): string =>
  `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /${name} /CIDSystemInfo << /Registry (Adobe) /Ordering (${ordering}) /Supplement 2 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /${name} /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >> >>`;

const hexOf = (code: number): string => code.toString(16).padStart(4, '0');

function toUnicodeMap(glyphs: readonly string[]): string {
  const entries = glyphs.map((glyph, index) => `<${hexOf(index + 1)}> <${hexOf(glyph.charCodeAt(0))}>`);
  return `/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange ${entries.length} beginbfchar\n${entries.join('\n')}\nendbfchar endcmap end`;
}

/** GBK codes by way of the platform's decoder, turned around. */
let gbkCodes: Map<string, string> | null = null;

function gbkHex(text: string): string {
  if (!gbkCodes) {
    gbkCodes = new Map();
    const decoder = new TextDecoder('gbk');
    for (let lead = 0x81; lead < 0xff; lead += 1)
      for (let trail = 0x40; trail < 0xff; trail += 1)
        gbkCodes.set(decoder.decode(Uint8Array.of(lead, trail)), hexOf(lead * 256 + trail));
  }
  return [...text].map((character) => gbkCodes!.get(character) ?? character.charCodeAt(0).toString(16)).join('');
}

function shown({ text, x, y, size = 12, encoding = 'latin' }: PdfRun, glyphs: readonly string[]): string {
  const place = `BT /${encoding} ${size} Tf 1 0 0 1 ${x} ${y} Tm`;
  if (encoding === 'latin') return `${place} (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`;
  const codes =
    encoding === 'GBK-EUC-H'
      ? gbkHex(text)
      : [...text]
          .map((glyph) => hexOf(encoding === 'Identity-H' ? glyphs.indexOf(glyph) + 1 : glyph.charCodeAt(0)))
          .join('');
  return `${place} <${codes}> Tj ET`;
}

function assemble(objects: readonly string[], trailer: string): Uint8Array {
  let file = '%PDF-1.7\n';
  const places: number[] = [];
  for (const [index, body] of objects.entries()) {
    places.push(file.length);
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
  }
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const place of places) file += `${String(place).padStart(10, '0')} 00000 n \n`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${trailer} >>\nstartxref\n${table}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(file, 'latin1'));
}
