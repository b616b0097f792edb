import { expect, test } from 'vitest';
import { makeDocx, makeEpub, makePptx, makeXlsx } from '../testing/make-office.ts';
import { makePdf, type PdfEncoding } from '../testing/make-pdf.ts';
import { makeZip } from '../testing/make-zip.ts';
import { layOutText } from './lay-out-text.ts';
import { parseFile } from './parse-file.ts';

async function read(name: string, content: string | Uint8Array, declared?: string) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const parsed = await parseFile({ name, bytes }, declared);
  return { ...parsed, ...layOutText(parsed.blocks) };
}

const kinds = (parsed: Awaited<ReturnType<typeof read>>) => parsed.blocks.map((block) => block.kind);

// ---- What a file is

test('[P1] the bytes decide the format, not the name', async () => {
  const pdf = makePdf([[{ text: 'Hello from a PDF', x: 50, y: 700 }]]);
  expect((await read('notes.txt', pdf)).mediaType).toBe('application/pdf');
  expect((await read('page.txt', '<!doctype html><html><body><p>Hello</p></body></html>')).mediaType).toBe('text/html');
  expect((await read('picture.png', 'Only words here.')).mediaType).toBe('text/plain');
});

test.each([
  ['an image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), /image without a text layer/],
  ['an old Office file', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1), /old binary Office file/],
  ['a program', new TextEncoder().encode('\u007fELF\u0000\u0000'), /program/],
  ['a plain zip', makeZip({ 'a.txt': 'x' }), /zip archive/],
  ['unknown bytes', Uint8Array.of(1, 2, 0, 3, 0, 0, 9, 200, 100), /binary file/],
  ['nothing', new Uint8Array(0), /empty/],
])('[P2] %s is refused with what it is', async (_, bytes, reason) => {
  await expect(read('file.bin', bytes)).rejects.toThrow(reason);
});

// ---- Text and its encodings

const gbk = (text: string): Uint8Array => {
  const codes = new Map<string, number[]>();
  const decoder = new TextDecoder('gbk');
  for (let lead = 0x81; lead < 0xff; lead += 1)
    for (let trail = 0x40; trail < 0xff; trail += 1)
      codes.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
  return Uint8Array.from([...text].flatMap((character) => codes.get(character) ?? [character.charCodeAt(0)]));
};

test.each([
  ['UTF-8 with a mark', Buffer.from('\ufeff退货期限为三十天。')],
  ['UTF-16 little endian', Buffer.from('\ufeff退货期限为三十天。', 'utf16le')],
  ['GB18030', gbk('退货期限为三十天。')],
])('[P3] Chinese text in %s is read', async (_, bytes) => {
  expect((await read('a.txt', new Uint8Array(bytes))).text).toBe('退货期限为三十天。');
});

test('[P3] UTF-16 without a mark and Windows-1252 are read', async () => {
  expect((await read('a.txt', new Uint8Array(Buffer.from('Plain words', 'utf16le')))).text).toBe('Plain words');
  expect((await read('a.txt', new Uint8Array(Buffer.from('Café Zürich', 'latin1')))).text).toBe('Café Zürich');
});

test('[P4] lines broken to a width are joined, Chinese without a space, lists and short lines stay', async () => {
  const { text } = await read(
    'a.txt',
    'The warranty covers every part of the machine for two years\nfrom the day of delivery.\n\n第一行写到这里就换行了因为页面的宽度只有这么多个字而已所以\n第二行继续。\n\n- one\n- two',
  );
  expect(text).toBe(
    'The warranty covers every part of the machine for two years from the day of delivery.\n\n第一行写到这里就换行了因为页面的宽度只有这么多个字而已所以第二行继续。\n\n- one\n- two',
  );
});

// ---- Markdown, HTML

test('[P5] Markdown keeps its structure and loses its marks', async () => {
  const parsed = await read(
    'a.md',
    '---\ntitle: x\n---\n# A **bold** title\n\nSee [the page](http://x) and `code_name`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet x = 1;\n```\n\nSecond\n------\n1. one\n2. two',
  );
  expect(kinds(parsed)).toEqual(['heading', 'paragraph', 'table', 'code', 'heading', 'item', 'item']);
  expect(parsed.text).toBe(
    'A bold title\n\nSee the page and code_name.\n\na | b\n1 | 2\n\nlet x = 1;\n\nSecond\n\n1. one\n2. two',
  );
});

test('[P6] HTML: scripts, styles, hidden parts and navigation do not reach the text', async () => {
  const filler = 'This paragraph tells at length what the reader of the page came for, with commas, and words. '.repeat(
    6,
  );
  const { text } = await read(
    'a.html',
    `<html><head><title>Guide</title><style>.x{}</style></head><body><nav><a href="/">Home of nav</a></nav><script>alert("evil")</script>
     <main><h1>Guide</h1><p>${filler}</p><p hidden>hidden words</p><ul><li>first <b>bold</b></li><li><p>second</p></li></ul>
     <table><tr><th>Plan</th><th>Price</th></tr><tr><td>Basic</td><td>10</td></tr></table><p onclick="x()">&lt;script&gt; stays text</p></main>
     <footer>Footer words</footer></body></html>`,
  );
  expect(text).toContain('Plan | Price\nBasic | 10');
  expect(text).toContain('- first bold\n- second');
  expect(text).toContain('<script> stays text');
  for (const gone of ['evil', 'hidden words', 'Home of nav', 'Footer words', '.x{}']) expect(text).not.toContain(gone);
});

// ---- PDF

test.each(['UniGB-UCS2-H', 'GBK-EUC-H', 'Identity-H'] as PdfEncoding[])(
  '[P7] Chinese in a PDF font encoded by %s is read, lines joined without spaces',
  async (encoding) => {
    const { text } = await read(
      'a.pdf',
      makePdf([
        [
          { text: '本合同自双方签字盖章之日起生效，有效期为两年，期满前三十', x: 50, y: 700, encoding },
          { text: '日内可以续签。', x: 50, y: 684, encoding },
        ],
      ]),
    );
    expect(text).toBe('本合同自双方签字盖章之日起生效，有效期为两年，期满前三十日内可以续签。');
  },
);

test('[P8] PDF: headings by size, hyphenation undone, tables kept, running heads dropped, page starts exact', async () => {
  const head = { text: 'Acme annual report', x: 50, y: 820, size: 9 };
  const body = (number: number) => [
    head,
    { text: `Chapter about topic ${'ABC'[number]}`, x: 50, y: 760, size: 20 },
    { text: 'The machine was deliv-', x: 50, y: 720 },
    { text: 'ered on time to the customer.', x: 50, y: 705 },
    { text: 'Year', x: 50, y: 660 },
    { text: 'Units', x: 200, y: 660 },
    { text: '2025', x: 50, y: 645 },
    { text: '140', x: 200, y: 645 },
    { text: `Page ${number + 1}`, x: 280, y: 30, size: 9 },
  ];
  const parsed = await read('a.pdf', makePdf([body(0), body(1), body(2)]));
  expect(parsed.pages).toBe(3);
  expect(kinds(parsed).slice(0, 4)).toEqual(['page', 'heading', 'paragraph', 'table']);
  expect(parsed.text).toContain('The machine was delivered on time to the customer.');
  expect(parsed.text).toContain('Year | Units\n2025 | 140');
  expect(parsed.text).not.toMatch(/Acme annual report|Page 1/);
  expect(parsed.pageStarts.map((start) => parsed.text.slice(start, start + 21))).toEqual([
    'Chapter about topic A',
    'Chapter about topic B',
    'Chapter about topic C',
  ]);
});

test('[P9] a scanned PDF says that it has no text layer; one scanned page among others is said beside the text', async () => {
  await expect(read('scan.pdf', makePdf([[], []]))).rejects.toThrow(/no text layer: its 2 pages are scanned/);
  const mixed = await read('mixed.pdf', makePdf([[{ text: 'Words on the first page', x: 50, y: 700 }], []]));
  expect(mixed.remark).toBe('1 of 2 pages have no text layer and cannot be searched.');
});

test('[P9] text in a font that does not tell its characters is left out and said so, never guessed', async () => {
  const bare = { text: '年假十五天', x: 50, y: 700, encoding: 'bare' } as const;
  const mixed = await read('a.pdf', makePdf([[bare, { text: 'Latin words', x: 50, y: 600 }]]));
  expect(mixed.text).toBe('Latin words');
  expect(mixed.remark).toMatch(/fonts that do not say which characters/);
  await expect(read('a.pdf', makePdf([[bare]]))).rejects.toThrow(/fonts that do not say which characters/);
});

test('[P9] a locked and a cut PDF say so', async () => {
  const secret = [[{ text: 'secret', x: 50, y: 700 }]];
  await expect(read('locked.pdf', makePdf(secret, { encrypted: true }))).rejects.toThrow(/locked with a password/);
  await expect(read('cut.pdf', makePdf(secret).slice(0, 60))).rejects.toThrow(/PDF is damaged/);
});

// ---- Office and others

test('[P10] Word: headings, paragraphs, tables', async () => {
  const parsed = await read(
    'a.docx',
    makeDocx([
      { heading: 2, text: '价格' },
      { text: '正文 & more' },
      {
        table: [
          ['a', 'b'],
          ['1', '2'],
        ],
      },
    ]),
  );
  expect(kinds(parsed)).toEqual(['heading', 'paragraph', 'table']);
  expect(parsed.text).toBe('价格\n\n正文 & more\n\na | b\n1 | 2');
});

test('[P11] PowerPoint: a page a slide, titles, notes and tables, no slide numbers', async () => {
  const parsed = await read(
    'a.pptx',
    makePptx([
      {
        title: 'Results',
        items: ['Sales grew 12 %', '成本下降'],
        notes: 'Thank the team.',
        table: [
          ['Q', 'EUR'],
          ['Q1', '5'],
        ],
      },
      { title: 'Next steps', items: ['Hire'] },
    ]),
  );
  expect(parsed.pages).toBe(2);
  expect(parsed.text).toBe(
    'Results\n\n- Sales grew 12 %\n- 成本下降\n\nQ | EUR\nQ1 | 5\n\nThank the team.\n\nNext steps\n\nHire'.replace(
      '- Sales grew 12 %\n- 成本下降',
      'Sales grew 12 %\n成本下降',
    ),
  );
  expect(parsed.text.slice(parsed.pageStarts[1])).toMatch(/^Next steps/);
});

test('[P12] a workbook: a page a sheet, shared strings, numbers, dates', async () => {
  const { text, pages } = await read(
    'a.xlsx',
    makeXlsx({
      库存: [
        ['品名', '数量', '到货'],
        ['螺丝', 1200.5, new Date(Date.UTC(2026, 4, 1))],
      ],
      Empty: [],
    }),
  );
  expect(pages).toBe(2);
  expect(text.trim()).toBe('库存\n\n品名 | 数量 | 到货\n螺丝 | 1200.5 | 2026-05-01');
});

test('[P13] CSV: quotes, separators, GB18030', async () => {
  expect((await read('a.csv', 'name;note\n"Li; Wei";"said ""hi""\nthere"\n')).text).toBe(
    'name | note\nLi; Wei | said "hi" there',
  );
  expect((await read('a.csv', gbk('姓名,城市\n张三,北京\n'))).text).toBe('姓名 | 城市\n张三 | 北京');
});

test('[P14] a book is read in the order of its spine', async () => {
  const { text } = await read(
    'a.epub',
    makeEpub(['<h1>One</h1><p>First words.</p>', '<h1>Two</h1><p>Later words.</p>']),
  );
  expect(text).toBe('One\n\nFirst words.\n\nTwo\n\nLater words.');
});

test('[P15] a mail: encoded subject, the plain part, attachments named', async () => {
  const mail = [
    'From: =?UTF-8?B?5byg5LiJ?= <zhang@example.com>',
    'To: li@example.com',
    'Subject: =?GBK?Q?=CD=CB=BB=F5?= notice',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="x"',
    '',
    '--x',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'The parcel =E9=80=80=E5=9B=9E arrives on Mon=',
    'day.',
    '--x',
    'Content-Type: application/pdf',
    'Content-Disposition: attachment; filename="label.pdf"',
    'Content-Transfer-Encoding: base64',
    '',
    'AAAA',
    '--x--',
  ].join('\r\n');
  const { text, mediaType } = await read('a.eml', mail);
  expect(mediaType).toBe('message/rfc822');
  expect(text).toBe(
    '退货 notice\n\nFrom: 张三 <zhang@example.com>\n\nTo: li@example.com\n\nThe parcel 退回 arrives on Monday.\n\n- Attachment: label.pdf',
  );
});

test('[P16] source code is kept as written', async () => {
  const { text, mediaType } = await read('a.ts', 'const a = 1;\n\nfunction b() {\n  return a;\n}\n');
  expect(mediaType).toBe('text/x-source');
  expect(text).toContain('function b() {\n  return a;\n}');
});
