/** Files written and read again by other means than those that wrote them: the zip's XML by hand, PDF by its own reader. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { WenkuDeck, WenkuDoc } from '@myriad/contracts';
import JsZip from 'jszip';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import { imageFacts } from '../image-facts.ts';
import { blankSlide, docFromMarkdown, paragraphsOf, templateContent } from '../index.ts';
import { type ExportInput, readImport, writeExport } from './index.ts';
import { linearMath } from './math-tree.ts';
import { fontFolders } from './to-pdf.ts';

/** A picture of one colour, made by hand. */
function png(width: number, height: number): Uint8Array {
  const crcTable = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    let crc = 0xffffffff;
    for (const byte of body) crc = (crcTable[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
    return Buffer.concat([head, body, tail]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.concat(
    Array.from({ length: height }, () => Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 90)])),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const hash = 'a'.repeat(64);
const picture = { ...(imageFacts(png(8, 4)) ?? { mediaType: '', width: 0, height: 0 }), bytes: png(8, 4) };
const markdown = `# 年度报告 Annual report

A paragraph with **粗体字** and [a link](https://example.org/a?b=1&c=2).

## 第二节

1. 第一
2. 第二
   - 里面

| 项目 | 金额 |
| --- | --- |
| 文库 | 1,234.5 |
| 编号 | 007 |

$$
\\frac{a}{b} + \\sum_{i=1}^{n} x_i^2
$$

> 引用的话

\`\`\`
const 数 = 1;
\`\`\`

![图一](wenku:${hash})
`;
const withCitation = (doc: WenkuDoc): WenkuDoc => ({
  type: 'doc',
  content: [
    ...doc.content,
    {
      type: 'paragraph',
      content: [
        { type: 'text', text: '见来源' },
        { type: 'citation', attrs: { documentId: 'd', documentName: '政策.pdf', quote: '三十天', page: 3 } },
      ],
    },
  ],
});
const input = (content: ExportInput['content']): ExportInput => ({
  title: '年度报告',
  author: '梅',
  language: 'zh',
  content,
  images: new Map([[hash, picture]]),
});
const doc = withCitation(docFromMarkdown(markdown));
const report = templateContent('deck-report', 'zh')?.content as WenkuDeck;
const deck: WenkuDeck = {
  type: 'deck',
  theme: 'azure',
  slides: [
    ...report.slides,
    blankSlide('fig', 'figure', { title: '图', image: hash, caption: '图一' }),
    blankSlide('math', 'bullets', {
      title: '公式',
      bullets: [{ text: '平均 $\\bar{x} = \\frac{1}{n}$ 与 **粗** 字', level: 0 }],
    }),
  ],
};

async function parts(bytes: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const zip = await JsZip.loadAsync(bytes);
  const found = new Map<string, string>();
  for (const [name, entry] of Object.entries(zip.files))
    if (!entry.dir && /\.(xml|rels)$/.test(name)) found.set(name, await entry.async('string'));
  return found;
}

/** Every tag is closed in its order: a reader that repairs nothing would accept it. */
function wellFormed(xml: string): boolean {
  const open: string[] = [];
  for (const [, close, name, rest] of xml.matchAll(/<(\/?)([A-Za-z_][\w:.-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/g)) {
    if (close) {
      if (open.pop() !== name) return false;
    } else if (!rest?.endsWith('/')) open.push(name as string);
  }
  return open.length === 0 && !/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(xml);
}

const words = (xml: string, tag: string) =>
  [...xml.matchAll(new RegExp(`<${tag}(?: [^>]*)?>([^<]*)</${tag}>`, 'g'))].map((match) => match[1]).join('');

describe('docx', () => {
  let files: ReadonlyMap<string, string>;
  let xml: string;
  beforeAll(async () => {
    files = await parts(await writeExport(input(doc), 'docx'));
    xml = files.get('word/document.xml') ?? '';
  });

  test('every part is well formed, and every relation leads to a part', async () => {
    const zip = await JsZip.loadAsync(await writeExport(input(doc), 'docx'));
    for (const [name, text] of files) expect([name, wellFormed(text)]).toEqual([name, true]);
    for (const match of (files.get('word/_rels/document.xml.rels') ?? '').matchAll(
      /Target="([^"]+)"(?! TargetMode="External")/g,
    )) {
      const target = match[1] as string;
      if (/^https?:/.test(target)) continue;
      expect([target, Boolean(zip.file(`word/${target}`) ?? zip.file(target.replace(/^\//, '')))]).toEqual([
        target,
        true,
      ]);
    }
  });

  test('headings are heading styles, lists are numbered lists, the table is a table with a header, code and quotation have styles', () => {
    const styles = [...xml.matchAll(/<w:pStyle w:val="([^"]+)"/g)].map((match) => match[1]);
    expect(styles.filter((style) => /^Heading/.test(style ?? ''))).toEqual(['Heading1', 'Heading2']);
    expect(styles).toEqual(expect.arrayContaining(['Quote', 'Code']));
    expect(xml.match(/<w:numPr>/g)).toHaveLength(3);
    expect(xml.match(/<w:tbl>/g)).toHaveLength(1);
    expect(xml.match(/<w:tr[ >]/g)).toHaveLength(3);
    expect(xml).toMatch(/<w:tblHeader(\/| )/);
    const numbering = files.get('word/numbering.xml') ?? '';
    expect(numbering).toContain('w:val="decimal"');
    expect(numbering).toContain('w:val="bullet"');
  });

  test('Chinese is there and has an eastAsian font, the formula is OMML, the citation a footnote, the picture and link are real', () => {
    const text = words(xml, 'w:t');
    for (const part of ['年度报告 Annual report', '粗体字', '第二节', '里面', '文库', '引用的话', '图一'])
      expect(text).toContain(part);
    expect(files.get('word/styles.xml')).toMatch(/w:eastAsia="Microsoft YaHei"/);
    expect(xml).toContain('<m:f>');
    expect(xml).toContain('<m:nary>');
    expect(words(xml, 'm:t')).toContain('a');
    expect(words(files.get('word/footnotes.xml') ?? '', 'w:t')).toContain('政策.pdf，第 3 页: “三十天”');
    expect(xml).toContain('<w:footnoteReference');
    expect(xml).toContain('<pic:pic');
    expect(files.get('word/_rels/document.xml.rels')).toContain('https://example.org/a?b=1&amp;c=2');
  });

  test('it opens here again with its structure and its picture', async () => {
    const back = await readImport('a.docx', await writeExport(input(doc), 'docx'));
    expect(back.doc.content.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['heading', 'orderedList', 'table', 'blockquote', 'codeBlock', 'image']),
    );
    expect(back.images.size).toBe(1);
    const text = paragraphsOf(back.doc).join('\n');
    for (const part of ['年度报告 Annual report', '文库 | 1,234.5', '引用的话', 'const 数 = 1;'])
      expect(text).toContain(part);
  });
});

describe('pptx', () => {
  let files: ReadonlyMap<string, string>;
  const slide = (number: number) => files.get(`ppt/slides/slide${number}.xml`) ?? '';
  beforeAll(async () => {
    files = await parts(await writeExport(input(deck), 'pptx'));
  });

  test('every part is well formed, there is a slide for each, and paragraph properties stand only where they may', () => {
    for (const [name, text] of files) expect([name, wellFormed(text)]).toEqual([name, true]);
    expect([...files.keys()].filter((name) => /^ppt\/slides\/slide\d+\.xml$/.test(name))).toHaveLength(12);
    for (const [name, text] of files) {
      if (!/^ppt\/slides\//.test(name)) continue;
      expect([name, /<\/a:r>\s*<a:pPr/.test(text)]).toEqual([name, false]);
    }
  });

  test('slides have layouts by name with placeholders, and fill them', () => {
    const layouts = [...files]
      .filter(([name]) => /^ppt\/slideLayouts\/slideLayout\d+\.xml$/.test(name))
      .map(([, xml]) => /<p:cSld name="([^"]+)"/.exec(xml)?.[1]);
    expect(layouts).toEqual(
      expect.arrayContaining(['Title', 'Section', 'Title and bullets', 'Two columns', 'Chart', 'Quote', 'Closing']),
    );
    expect(slide(2)).toMatch(/<p:ph[^>]*type="title"/);
    expect(slide(2)).toMatch(/<p:ph[^>]*type="body"/);
    expect(words(slide(2), 'a:t')).toContain('三个目标完成了两个');
    expect(slide(2).match(/<a:buChar/g)).toHaveLength(4);
  });

  test('the chart is native with its numbers, the table is a table, notes are notes, Chinese has a Chinese font', () => {
    const chart =
      files.get('ppt/charts/chart1.xml') ??
      [...files].find(([name]) => /^ppt\/charts\/chart\d+\.xml$/.test(name))?.[1] ??
      '';
    expect(chart).toContain('<c:barChart>');
    for (const value of ['120', '126', '151', '七月', '实际']) expect(chart).toContain(value);
    expect(slide(4)).toContain('<a:tbl>');
    expect(words(slide(4), 'a:t')).toContain('华东');
    const notes = [...files]
      .filter(([name]) => /^ppt\/notesSlides\/notesSlide\d+\.xml$/.test(name))
      .map(([, xml]) => words(xml, 'a:t'))
      .join('\n');
    expect(notes).toContain('用一句话说清本季度带来了什么。');
    expect(slide(2)).toContain('<a:ea typeface="Microsoft YaHei"');
    expect(slide(2)).not.toContain('<a:ea typeface="Calibri"');
    expect(slide(11)).toContain('<p:pic>');
  });

  test('formulas are readable on one line', () => {
    expect(linearMath('\\bar{x} = \\frac{1}{n}\\sum_{i=1}^{n} x_i')).toBe('x̄ = 1/n∑_(i = 1)^n x_i');
    expect(words(slide(12), 'a:t')).toContain('平均 x̄ = 1/n 与 粗 字');
  });
});

describe('pdf', () => {
  const textOfPdf = async (bytes: Uint8Array): Promise<string> => {
    const { extractText, getDocumentProxy } = await import('unpdf');
    const { text } = await extractText(await getDocumentProxy(bytes.slice()), { mergePages: true });
    return text.replace(/\s+/g, '');
  };

  test('all words of a document are in it, Chinese too, read back by another program', async () => {
    const text = await textOfPdf(await writeExport(input(doc), 'pdf'));
    for (const part of ['年度报告Annualreport', '粗体字', '第二节', '里面', '文库', '引用的话', '政策.pdf', '三十天'])
      expect(text).toContain(part);
  });

  test('every word of every slide is in it', async () => {
    const text = await textOfPdf(await writeExport(input(deck), 'pdf'));
    const plain = deck.slides
      .slice(0, 10)
      .flatMap(({ title, bullets, right, quote }) => [
        title,
        quote,
        ...[...bullets, ...right].map((bullet) => bullet.text),
      ]);
    for (const part of plain) expect(text).toContain(part.replaceAll('**', '').replace(/\s+/g, ''));
  });

  test('without its font the words would be gone: the files of the fonts are where they are looked for', () => {
    expect(
      fontFolders()
        .map((folder) => execFileSync('ls', [folder]).toString())
        .join('\n'),
    ).toMatch(/NotoSans-Regular\.ttf[\s\S]*NotoSansHans-Regular\.otf/);
  });

  test('words cannot become code, and a formula that Typst does not know is shown as it was written', async () => {
    const hostile = docFromMarkdown(
      '#read("/etc/passwd") \\#panic("x") $#panic(1)$ 与 $\\unknowncommand{x}_{\\$}$\n\n`#import "x"`',
    );
    const text = await textOfPdf(await writeExport(input(hostile), 'pdf'));
    expect(text).toContain('#read("/etc/passwd")');
    expect(text).toContain('#panic(1)');
    expect(text).not.toContain('root:');
  });
});

test('xlsx: a sheet a table, numbers are numbers, a code with zeros stays words', async () => {
  const files = await parts(await writeExport(input(doc), 'xlsx'));
  expect(files.get('xl/workbook.xml')).toContain('name="第二节"');
  const sheet = files.get('xl/worksheets/sheet1.xml') ?? '';
  expect(sheet).toContain('<v>1234.5</v>');
  expect(words(files.get('xl/sharedStrings.xml') ?? '', 't')).toContain('007');
  await expect(writeExport(input(docFromMarkdown('no table')), 'xlsx')).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('html: one page that asks for nothing from elsewhere, with its structure, and nothing of the words runs', async () => {
  const hostile: WenkuDoc = {
    type: 'doc',
    content: [...doc.content, { type: 'paragraph', content: [{ type: 'text', text: '<script>alert(1)</script>' }] }],
  };
  const html = new TextDecoder().decode(await writeExport(input(hostile), 'html'));
  const { document } = parseHTML(html);
  expect(document.querySelectorAll('script')).toHaveLength(0);
  expect(document.querySelectorAll('th')).toHaveLength(2);
  expect(document.querySelectorAll('math')).toHaveLength(1);
  expect(document.querySelector('img')?.getAttribute('src')).toMatch(/^data:image\/png;base64,/);
  expect(html.match(/src="(?!data:)/g)).toBeNull();
  const slides = new TextDecoder().decode(await writeExport(input(deck), 'html'));
  expect(parseHTML(slides).document.querySelectorAll('section')).toHaveLength(12);
  const back = await readImport('a.html', new TextEncoder().encode(html));
  expect(paragraphsOf(back.doc).join('\n')).toContain('文库 | 1,234.5');
});

const soffice = spawnSync('soffice', ['--version']).status === 0 && spawnSync('pdftotext', ['-v']).status === 0;
if (!soffice) console.warn('\n*** NO LIBREOFFICE HERE: opening the exported files with it is SKIPPED. ***\n');

test.runIf(soffice)(
  'LibreOffice opens the Word file and the deck, and reads their Chinese',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'myriad-office-'));
    return Promise.all([writeExport(input(doc), 'docx'), writeExport(input(deck), 'pptx')]).then((files) => {
      const names = ['a.docx', 'b.pptx'].map((name, at) => {
        writeFileSync(join(folder, name), files[at] as Uint8Array);
        return name;
      });
      execFileSync(
        'soffice',
        [
          '--headless',
          `-env:UserInstallation=file://${folder}/profile`,
          '--convert-to',
          'pdf',
          '--outdir',
          folder,
          ...names,
        ],
        { cwd: folder, stdio: 'ignore', timeout: 150_000 },
      );
      const text = (name: string) => {
        execFileSync('pdftotext', [join(folder, name), join(folder, 'out.txt')]);
        return readFileSync(join(folder, 'out.txt'), 'utf8');
      };
      expect(text('a.pdf')).toContain('引用的话');
      expect(text('b.pdf')).toContain('三个目标完成了两个');
    });
  },
  200_000,
);
