import { expect, test } from 'vitest';
import { passageOf } from '../../test/memory-house.ts';
import { comparableTerms } from './comparable-terms.ts';
import { type CitedEvent, claimBefore, findCitations } from './find-citations.ts';
import { verifyCitation } from './verify-citation.ts';

const english = passageOf('psg_en', 'c', 'The battery lasts 12 hours. Charging it fully takes 90 minutes at 20 °C.', 4);
const chinese = passageOf('psg_zh', 'c', '保修期为三年。电池的保修期为一年，人为损坏不在保修范围内。');
const eventsOf = (text: string, stretch = 3): readonly CitedEvent[] => {
  const finder = findCitations([english, chinese]);
  const events: CitedEvent[] = [];
  for (let at = 0; at < text.length; at += stretch) events.push(...finder.push(text.slice(at, at + stretch)));
  return [...events, ...finder.end()];
};
const found = (text: string, stretch = 3) =>
  eventsOf(text, stretch).flatMap((event) =>
    event.type === 'citation' ? [[event.citation.number, event.citation.quote]] : [],
  );
const shownText = (text: string, stretch = 3) =>
  eventsOf(text, stretch)
    .map((event) => (event.type === 'text' ? event.text : ''))
    .join('');
const lost = (text: string, stretch = 3) =>
  eventsOf(text, stretch).flatMap((event) => (event.type === 'unsupported' ? [[event.number, event.claim]] : []));

test('[K6] a claim that its source does not contain loses its mark, and is told; the others keep theirs', () => {
  const text = 'The battery lasts 12 hours [1]. It lasts 15 hours [1, 2]. Charging takes 90 minutes [1][2].';
  for (let stretch = 1; stretch <= text.length; stretch += 1) {
    expect(shownText(text, stretch)).toBe(
      'The battery lasts 12 hours [1]. It lasts 15 hours. Charging takes 90 minutes [1].',
    );
    expect(lost(text, stretch)).toEqual([
      [1, 'It lasts 15 hours'],
      [2, 'It lasts 15 hours'],
      [2, 'Charging takes 90 minutes'],
    ]);
  }
});

test('[K6] text without marks, code and numbers of no source come through letter for letter', () => {
  for (const text of [
    'A list [a] of [99] things [',
    'Ends with a space ',
    '```js\nconst x = rows[1];\n```\nand `rows[1]` too',
    '[1] Manual\n[2] 保修',
  ]) {
    for (const stretch of [1, 2, 5, 100]) expect(shownText(text, stretch)).toBe(text);
    expect(lost(text)).toEqual([]);
  }
});

test('[K6] a name or a "not" that the source does not have takes the citation away', () => {
  expect(verifyCitation('According to Henderson the battery lasts 12 hours', 1, english)).toBeNull();
  expect(verifyCitation('The battery does not last 12 hours', 1, english)).toBeNull();
  expect(verifyCitation('人为损坏在保修范围内', 2, chinese)).toBeNull();
  expect(verifyCitation('人为损坏不在保修范围内', 2, chinese)).not.toBeNull();
});

test('[K6] a claim in another script needs a number or a name that its source has', () => {
  expect(verifyCitation('电池可用 12 小时', 1, english)).not.toBeNull();
  expect(verifyCitation('电池可用 15 小时', 1, english)).toBeNull();
  expect(verifyCitation('电池很耐用', 1, english)).toBeNull();
});

test('[K3] a mark split over stretches of the stream is found once, whatever the split', () => {
  const text = 'A full charge takes 90 minutes [1]. The battery lasts 12 hours [1].';
  for (let stretch = 1; stretch <= text.length; stretch += 1) {
    expect(found(text, stretch)).toEqual([
      [1, ' Charging it fully takes 90 minutes at 20 °C.'],
      [1, 'The battery lasts 12 hours.'],
    ]);
  }
});

test('[K3] marks after the full stop, joined marks and Chinese brackets are read', () => {
  expect(found('The battery lasts 12 hours.[1]')).toHaveLength(1);
  expect(found('电池保修一年，人为损坏不在保修范围内【2】。')).toHaveLength(1);
  expect(found('The battery lasts 12 hours [1, 2].')).toEqual([[1, 'The battery lasts 12 hours.']]);
  expect(found('The battery lasts 12 hours [1][2].')).toEqual([[1, 'The battery lasts 12 hours.']]);
});

test('[K3] Chinese claims are held to their source by pairs of characters and by their numbers', () => {
  expect(found('保修期为三年 [2]。')).toEqual([[2, '保修期为三年。']]);
  expect(found('公司成立于北京，由两兄弟创办 [2]。')).toEqual([]);
  expect(found('保修期为5年 [2]。')).toEqual([]);
});

test('[K3] code, links and numbers that look like marks cite nothing that is not there', () => {
  for (const text of [
    'list[0] and list[12]',
    '[1]',
    '[99] The battery lasts 12 hours [99].',
    'see [docs](x)',
    '[[1]]',
  ]) {
    expect(found(text), text).toEqual([]);
  }
});

test('[K3] the claim is the sentence before the mark, not the paragraph', () => {
  expect(claimBefore('First thing. Second thing')).toBe('Second thing');
  expect(claimBefore('First thing [1]. Second thing.')).toBe('Second thing');
  expect(claimBefore('一句话。第二句话')).toBe('第二句话');
  expect(claimBefore('It costs 3.50 dollars')).toBe('It costs 3.50 dollars');
});

test('[K3] every number of a claim must stand in the source', () => {
  expect(verifyCitation('Charging fully takes 90 minutes', 1, english)).not.toBeNull();
  expect(verifyCitation('Charging fully takes 95 minutes', 1, english)).toBeNull();
  expect(verifyCitation('', 1, english)).toBeNull();
  expect(comparableTerms('1,200 runs, 1200 run')).toEqual(new Set(['1200', 'run']));
});

test('[K3] the place of a quote is its place in the document', () => {
  const citation = verifyCitation('Charging takes 90 minutes', 7, english);
  expect(citation).toMatchObject({ number: 7, page: 4, documentId: 'doc_psg_en' });
  expect(english.text.slice((citation?.start ?? 0) - english.start, (citation?.end ?? 0) - english.start)).toBe(
    citation?.quote,
  );
});

test('[K3] a long answer is read in constant memory per mark and in linear time', () => {
  const sentence = 'The battery lasts 12 hours [1]. ';
  const began = performance.now();
  expect(found(sentence.repeat(2_000), 40)).toHaveLength(1);
  expect(performance.now() - began).toBeLessThan(4_000);
});
