import { expect, test } from 'vitest';
import { createCsvParser, detectDelimiter, mostQuotedCharacters } from './parse-csv.ts';

/** All rows with their lines, the text cut into chunks of the given size. */
function read(text: string, size = text.length || 1, delimiter?: string) {
  const rows: { fields: string[]; line: number }[] = [];
  const parser = createCsvParser(
    (fields, line) => rows.push({ fields, line }),
    (line, reason) => rows.push({ fields: [`BROKEN ${reason}`], line }),
    delimiter ? { delimiter } : {},
  );
  for (let i = 0; i < text.length; i += size) parser.write(text.slice(i, i + size));
  parser.end();
  return rows;
}

test('[V1] the delimiter is the one that the header uses most outside quotes', () => {
  expect(detectDelimiter('a;b;"c,d,e,f"')).toBe(';');
  expect(detectDelimiter('a\tb')).toBe('\t');
  expect(detectDelimiter('a|b|c')).toBe('|');
  expect(detectDelimiter('alone')).toBe(',');
});

const text = '\ufeffname,note\r\n"Li, Wei","said ""hi""\nand left"\r\n\r\n张三,5" pipe\r\nlast,';

test('[V2] quotes, doubled quotes, line breaks inside quotes, CRLF and a byte-order mark are read; empty lines passed over', () => {
  expect(read(text)).toEqual([
    { fields: ['name', 'note'], line: 1 },
    { fields: ['Li, Wei', 'said "hi"\nand left'], line: 2 },
    { fields: ['张三', '5" pipe'], line: 5 },
    { fields: ['last', ''], line: 6 },
  ]);
});

test('[V3] the cut into chunks never changes the rows', () => {
  for (let size = 1; size < 20; size++) expect(read(text, size)).toEqual(read(text));
});

test('[V4] a delimiter given is used, and a file without a final line break keeps its last row', () => {
  expect(read('a;b\n1,5;2', 3, ';').map((row) => row.fields)).toEqual([
    ['a', 'b'],
    ['1,5', '2'],
  ]);
  expect(read('')).toEqual([]);
});

const brokenAt = (text: string, size?: number) =>
  read(text, size)
    .filter(({ fields }) => fields[0]?.startsWith('BROKEN'))
    .map(({ line }) => line);

test('[V5] a quote that never closes loses its own line and no other, however the file is cut', () => {
  const plain = Array.from({ length: 50 }, (_, i) => `u${i},${i}`);
  // to the end of the file; to another row's quote; the same on two lines; on the last line
  for (const [broken, text] of [
    [[3], ['who,note', 'a,1', 'b,"2', ...plain].join('\n')],
    [[3], ['who,note', 'a,1', 'b,"2', ...plain, 'c,"fine"', 'd,4'].join('\r\n')],
    [[2, 4], ['who,note', 'a,"1', 'b,2', '"c,3', 'd,4', 'e,"5"'].join('\n')],
    [[3], 'who,note\na,1\nb,"2'],
  ] as const) {
    expect(brokenAt(text)).toEqual(broken);
    expect(read(text)).toHaveLength(text.split('\n').length);
    for (const size of [1, 2, 7]) expect(read(text, size)).toEqual(read(text));
  }
});

test('[V5] past the bound of lines or of characters a quoted field is broken; up to it, it is read', () => {
  const lines = (count: number) => `a,"${'x\n'.repeat(count)}",1\nb,2,3`;
  expect(brokenAt(lines(1_000))).toEqual([]);
  expect(brokenAt(lines(1_001))[0]).toBe(1);
  const long = (count: number) => `a,"${'x'.repeat(count)}",1\nb,2,3`;
  expect(read(long(mostQuotedCharacters - 1)).map(({ fields }) => fields.length)).toEqual([3, 3]);
  for (const size of [100_000, 1_000]) {
    expect(read(long(mostQuotedCharacters + 1), size).slice(1)).toEqual([{ fields: ['b', '2', '3'], line: 2 }]);
    expect(brokenAt(long(mostQuotedCharacters + 1), size)).toEqual([1]);
  }
});
