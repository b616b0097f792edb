import type { Citation } from '@myriad/contracts';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { initWords } from '../words/language.ts';
import { Markdown } from './markdown.tsx';

initWords('en');

const citation = (number: number): Citation => ({
  number,
  passageId: `psg_${number}`,
  documentId: 'doc_1',
  documentName: 'policy.pdf',
  quote: 'words',
  start: 0,
  end: 5,
});
const html = (text: string, numbers: readonly number[] = [], streaming = false) =>
  renderToStaticMarkup(<Markdown text={text} citations={numbers.map(citation)} streaming={streaming} />);

test('a cited number becomes a chip, and a bracketed number that cites nothing stays text', () => {
  const out = html('Three kinds [1], not four [7].', [1]);
  expect(out.match(/class="cite"/g)).toHaveLength(1);
  expect(out).toContain('not four [7].');
});

test('two numbers in one bracket, full-width too, are two chips', () => {
  expect(html('见条款【1、2】。', [1, 2]).match(/class="cite"/g)).toHaveLength(2);
});

test('a number in code is code', () => {
  expect(html('`list[1]`', [1])).not.toContain('class="cite"');
});

test('a chip inside a table cell still opens its source', () => {
  expect(html('| a | b |\n| - | - |\n| x [1] | y |', [1])).toContain('class="cite"');
});

test('raw HTML of a model is shown as text and never becomes an element', () => {
  const out = html('<img src=x onerror=alert(1)> <script>alert(2)</script> <b>bold</b>');
  expect(out).not.toMatch(/<(img|script|b)\b/);
});

test('a link that is not http, https or mailto is text', () => {
  const out = html('[a](javascript:alert(1)) [b](data:text/html,x) [c](/api/sign-out) [d](https://example.com)');
  expect(out.match(/<a /g)).toHaveLength(1);
  expect(out).toContain('rel="noopener noreferrer nofollow"');
});

test('an image of another place is a link, since loading it would tell that place', () => {
  const out = html('![chart](https://elsewhere.example/pixel.png)');
  expect(out).not.toContain('<img');
  expect(out).toContain('href="https://elsewhere.example/pixel.png"');
});

test('while streaming, blocks that are whole render the same as when all has come', () => {
  const whole = 'First **paragraph**.\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nLast words here.';
  const cut = whole.slice(0, -6);
  const first = (text: string) => html(text, [], true).split('<p>Last')[0];
  expect(first(cut)).toBe(first(whole));
});
