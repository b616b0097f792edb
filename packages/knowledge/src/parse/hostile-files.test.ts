import { expect, test } from 'vitest';
import { splitPassages } from '../split/split-passages.ts';
import { makeDocx, makeXlsx } from '../testing/make-office.ts';
import { makeZip } from '../testing/make-zip.ts';
import { segmentWords } from '../words/segment-words.ts';
import { layOutText } from './lay-out-text.ts';
import { parseFile } from './parse-file.ts';
import { readXml } from './read-xml.ts';
import { openZip } from './read-zip.ts';

const read = (name: string, bytes: Uint8Array) => parseFile({ name, bytes });

const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><w:document xmlns:w="x"><w:body>&c;</w:body></w:document>`;

test('[H1] billion laughs in a Word document is refused, not unfolded', async () => {
  await expect(read('a.docx', makeDocx([], { 'word/document.xml': laughs }))).rejects.toMatchObject({
    code: 'parse_limit',
    message: expect.stringMatching(/entities of its own/),
  });
});

test('[H1] an entity that names a file of the machine is refused', () => {
  expect(() => readXml('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>')).toThrow(/unsafe/);
});

test('[H2] an archive stops at the limit over all its files, whatever they claim', () => {
  const zip = openZip(makeZip({ a: Buffer.alloc(600_000), b: Buffer.alloc(600_000) }), {
    entries: 10,
    totalBytes: 1_000_000,
  });
  expect(zip.read('a')?.length).toBe(600_000);
  expect(() => zip.read('b')).toThrow(/zip bomb/);
});

test('[H2] a lying size in the directory does not pass the limit', () => {
  const bytes = Buffer.from(makeZip({ a: Buffer.alloc(5_000_000) }));
  const directory = bytes.lastIndexOf('PK\u0001\u0002');
  bytes.writeUInt32LE(10, directory + 24);
  expect(() => openZip(new Uint8Array(bytes), { entries: 10, totalBytes: 1_000_000 }).read('a')).toThrow(/zip bomb/);
});

test('[H2] too many files in an archive are refused before any is read', () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, 'x']));
  expect(() => openZip(makeZip(many), { entries: 20, totalBytes: 1_000 })).toThrow(/30 files; the limit is 20/);
});

test('[H3] a workbook of 10,000 sheets is refused by number', async () => {
  const sheets = Array.from({ length: 10_000 }, (_, index) => `<sheet name="s${index}" r:id="rId1"/>`).join('');
  const book = makeXlsx({ one: [['x']] });
  const files = Object.fromEntries(openZip(book).names.map((name) => [name, openZip(book).read(name)!]));
  files['xl/workbook.xml'] = Buffer.from(`<workbook><sheets>${sheets}</sheets></workbook>`);
  await expect(read('a.xlsx', makeZip(files))).rejects.toThrow(/10000 sheets; the limit is 500/);
});

test('[H4] HTML and XML nested without end stop with a reason, not with a stack overflow', async () => {
  const deep = new TextEncoder().encode(`<html><body>${'<div>'.repeat(60_000)}x`);
  await expect(read('a.html', deep)).rejects.toThrow(/nested too deeply|damaged/);
  expect(() => readXml('<a>'.repeat(100_000))).toThrow(/nested or repeated/);
});

test('[H5] a cut archive and a cut document say that they are damaged', async () => {
  const whole = makeDocx([{ text: 'x'.repeat(5_000) }]);
  await expect(read('a.docx', whole.subarray(0, whole.length - 60))).rejects.toThrow(/damaged/);
  await expect(read('a.docx', makeDocx([], { 'word/document.xml': '<w:document><w:body>' }))).rejects.toThrow(
    /damaged|no text/,
  );
});

test('[H6] names in an archive are only names: a path that climbs is never written or followed', () => {
  const zip = openZip(makeZip({ '../../etc/passwd': 'x', __proto__: 'y' }));
  expect(zip.text('../../etc/passwd')).toBe('x');
  expect(zip.text('/etc/passwd')).toBeNull();
  expect(({} as Record<string, unknown>).y).toBeUndefined();
});

// Each of these once took quadratic time; now a reader needs well under a second for these.
test.each([
  ['spaces between words', 'a.txt', `a${' '.repeat(80_000)}${'b. '.repeat(40_000)}`],
  ['brackets that never close', 'a.md', '[('.repeat(80_000)],
  ['stars and comments', 'a.md', `${'*'.repeat(40_000)}a ${'<!--'.repeat(20_000)}`],
  ['underscores and back ticks', 'a.md', `${'_a '.repeat(40_000)}${'`'.repeat(20_001)}`],
  ['a heading of spaces', 'a.md', `# a${' '.repeat(60_000)}x\n# ${'#'.repeat(60_000)} x`],
  ['a table rule without a table', 'a.md', `|${' '.repeat(40_000)}\n|${'- '.repeat(40_000)}x`],
  ['dots and quotes', 'a.txt', `${'a.'.repeat(60_000)} ${'.'.repeat(60_000)} ${'”'.repeat(40_000)}`],
  ['grouped digits', 'a.txt', `1${',111'.repeat(40_000)}1`],
  ['one broken paragraph', 'a.txt', `${'The words of this line go on and on until its end of sixty.\n'.repeat(4_000)}`],
])('[H7] %s cost no more than their length', async (_, name, text) => {
  const started = performance.now();
  const { blocks } = await read(name, new TextEncoder().encode(text));
  const laidOut = layOutText(blocks);
  for (const { start, end } of splitPassages(laidOut)) segmentWords(laidOut.text.slice(start, end));
  expect(performance.now() - started).toBeLessThan(4_000);
});
