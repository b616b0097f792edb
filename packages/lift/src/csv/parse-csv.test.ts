import { expect, test } from 'vitest';
import { createCsvParser, detectDelimiter } from './parse-csv.ts';

/** All rows with their lines, the text cut into chunks of the given size. */
function read(text: string, size = text.length || 1, delimiter?: string) {
  const rows: { fields: string[]; line: number }[] = [];
  const parser = createCsvParser((fields, line) => rows.push({ fields, line }), delimiter ? { delimiter } : {});
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
