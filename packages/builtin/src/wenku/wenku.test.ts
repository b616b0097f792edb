import type { Slide, WenkuDeck, WenkuDoc } from '@myriad/contracts';
import { describe, expect, test } from 'vitest';
import { diffLists } from './diff/diff-lists.ts';
import {
  blankContent,
  blankSlide,
  canvas,
  chartData,
  checkContent,
  compareTexts,
  countWords,
  deckThemes,
  docFromDeck,
  docFromMarkdown,
  englishMarkdown,
  inlineRuns,
  keyFigures,
  markdownOf,
  outlineOf,
  paragraphsOf,
  placeCitations,
  placeSlide,
  plainTextOf,
  readNumber,
  readOutline,
  slideLayouts,
  slidesFromDoc,
  summarise,
  tablesOf,
  templateContent,
  themes,
  wenkuTemplates,
} from './index.ts';

const markdown = `# 标题 Title

A paragraph with **bold**, *italic*, ~~gone~~, \`code\` and [a link](https://example.org).

## 第二节

- one
- two
  - below **two**

1. first
2. second

> quoted

\`\`\`ts
const a = 1;
\`\`\`

| 项目 | 金额 |
| --- | ---: |
| 甲 | 12 |

$$
E = mc^2
$$

Inline $a^2$ here.

---
`;

describe('markdown', () => {
  test('a document of every kind of block comes back from its own Markdown', () => {
    const doc = docFromMarkdown(markdown);
    const again = docFromMarkdown(markdownOf(doc));
    expect(again).toEqual(doc);
    expect(doc.content.map(({ type }) => type)).toEqual([
      'heading',
      'paragraph',
      'heading',
      'bulletList',
      'orderedList',
      'blockquote',
      'codeBlock',
      'table',
      'mathBlock',
      'paragraph',
      'horizontalRule',
    ]);
    expect(checkContent('doc', doc)).toEqual(doc);
  });

  test('an address that would run is no link, HTML stays words, and a picture from elsewhere is not loaded', () => {
    const doc = docFromMarkdown(
      '[x](javascript:alert(1)) <script>alert(2)</script> ![pic](https://evil.example/a.png)',
    );
    const text = JSON.stringify(doc);
    expect(text).not.toContain('javascript:');
    expect(text).toContain('<script>');
    expect(text).not.toContain('"type":"image"');
    expect(() => checkContent('doc', doc)).not.toThrow();
  });

  test('lines of Chinese that go on are joined without a space, English ones with one', () => {
    expect(plainTextOf(docFromMarkdown('第一行\n第二行'))).toBe('第一行第二行');
    expect(plainTextOf(docFromMarkdown('first\nsecond'))).toBe('first second');
  });

  test('citations are numbered by source and listed at the end', () => {
    const cite = (documentId: string, quote: string, page: number) => ({
      type: 'citation',
      attrs: { documentId, documentName: `${documentId}.pdf`, quote, page },
    });
    const doc: WenkuDoc = {
      type: 'doc',
      content: [
        {
          type: 'paragraph',
          content: [{ type: 'text', text: 'So' }, cite('b', 'q1', 3), cite('a', 'q2', 1), cite('b', 'q3', 2)],
        },
      ],
    };
    const text = markdownOf(doc, englishMarkdown);
    expect(text).toContain('So \\[1] \\[2] \\[1]');
    expect(text).toContain('1. b.pdf, p. 2, p. 3: “q1” “q3”');
    expect(text).toContain('2. a.pdf, p. 1: “q2”');
  });
});

describe('what a document may hold', () => {
  test.each([
    [{ type: 'doc', content: [{ type: 'iframe' }] }, 'content.content.0'],
    [
      { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'paragraph' }] }] },
      'content.content.0.content.0',
    ],
    [
      { type: 'doc', content: [{ type: 'image', attrs: { src: 'https://evil.example/x' } }] },
      'content.content.0.attrs.src',
    ],
    [
      {
        type: 'doc',
        content: [
          {
            type: 'paragraph',
            content: [{ type: 'text', text: 'a', marks: [{ type: 'link', attrs: { href: 'javascript:x' } }] }],
          },
        ],
      },
      'content.content.0.content.0.marks.0.attrs.href',
    ],
    [{ type: 'doc', content: [{ type: 'heading', attrs: { level: 9 } }] }, 'content.content.0.attrs.level'],
    [{ type: 'doc' }, 'content.content'],
    ['x', 'content'],
  ])('%j is refused at its place', (content, field) => {
    expect(() => checkContent('doc', content)).toThrow(
      expect.objectContaining({ code: 'invalid_request', facts: { field } }),
    );
  });

  test('a tree nested past the limit is refused, not followed to the end of the stack', () => {
    let node: unknown = { type: 'paragraph' };
    for (let depth = 0; depth < 5_000; depth += 1) node = { type: 'blockquote', content: [node] };
    expect(() => checkContent('doc', { type: 'doc', content: [node] })).toThrow(/nested deeper/);
  });

  test.each([
    [{ type: 'deck', theme: 'neon', slides: [blankSlide('a', 'title')] }, 'content.theme'],
    [{ type: 'deck', theme: 'ink', slides: [] }, 'content.slides'],
    [{ type: 'deck', theme: 'ink', slides: [{ id: 'a', layout: 'spiral' }] }, 'content.slides.0.layout'],
    [
      { type: 'deck', theme: 'ink', slides: [blankSlide('a', 'title'), blankSlide('a', 'title')] },
      'content.slides.1.id',
    ],
    [
      { type: 'deck', theme: 'ink', slides: [{ ...blankSlide('a', 'figure'), image: '../x' }] },
      'content.slides.0.image',
    ],
  ])('a deck %j is refused at its place', (content, field) => {
    expect(() => checkContent('deck', content)).toThrow(expect.objectContaining({ facts: { field } }));
  });

  test('blank ones are whole', () => {
    for (const kind of ['doc', 'deck'] as const)
      expect(() => checkContent(kind, blankContent(kind, 'x'))).not.toThrow();
  });
});

describe('decks', () => {
  const text = `# Sales 2026

For the board

## Growth in **all** regions

- one
- two
  - below

Notes: Say it slowly.

## Two sides

### Good

- a

### Bad

- b

## By region

| R | V |
| --- | --- |
| N | 1 |

the caption

Chart (bar): Values

| Q | A | B |
| --- | --- | --- |
| 1 | 2 | 3 |

## Said

> Wonderful
>
> — A customer

# Part two

# 谢谢
`;
  const slides = slidesFromDoc(docFromMarkdown(text));

  test('headings, lists, tables, charts, quotes and notes become slides of their layout', () => {
    expect(slides.map(({ layout, title }) => [layout, title])).toEqual([
      ['title', 'Sales 2026'],
      ['bullets', 'Growth in all regions'],
      ['columns', 'Two sides'],
      ['table', 'By region'],
      ['chart', 'By region'],
      ['quote', 'Said'],
      ['section', 'Part two'],
      ['closing', '谢谢'],
    ]);
    expect(slides[0]?.subtitle).toBe('For the board');
    expect(slides[1]?.bullets).toEqual([
      { text: 'one', level: 0 },
      { text: 'two', level: 0 },
      { text: 'below', level: 1 },
    ]);
    expect(slides[1]?.notes).toBe('Say it slowly.');
    expect(slides[2]?.right).toEqual([
      { text: '**Bad**', level: 0 },
      { text: 'b', level: 0 },
    ]);
    expect(slides[3]?.caption).toBe('the caption');
    expect(slides[4]).toMatchObject({
      chart: 'bar',
      caption: 'Values',
      rows: [
        ['Q', 'A', 'B'],
        ['1', '2', '3'],
      ],
    });
    expect(slides[5]).toMatchObject({ quote: 'Wonderful', by: 'A customer' });
  });

  test('a deck comes back from its document, layouts and notes included', () => {
    const deck: WenkuDeck = { type: 'deck', theme: 'ink', slides };
    expect(slidesFromDoc(docFromDeck(deck))).toEqual(slides);
  });

  test('too many points are split over slides, and what belongs below stays with its point', () => {
    const many = docFromMarkdown(
      `## Long\n\n${Array.from({ length: 7 }, (_, at) => `- p${at}\n`).join('')}  - below p6\n- last`,
    );
    const parts = slidesFromDoc(many);
    expect(parts.map(({ bullets }) => bullets.map(({ text: words }) => words))).toEqual([
      ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'],
      ['p6', 'below p6', 'last'],
    ]);
  });

  test('every box stands on the canvas, and long words are made smaller until they fit', () => {
    const long = '很长的内容需要缩小字号才能放下'.repeat(12);
    for (const layout of slideLayouts) {
      const slide: Slide = {
        ...blankSlide('a', layout, { title: long.slice(0, 60), subtitle: long, quote: long, caption: 'c' }),
        bullets: Array.from({ length: 7 }, () => ({ text: long.slice(0, 60), level: 0 as const })),
        right: [{ text: long, level: 1 }],
        rows: [
          ['a', 'b'],
          ['1', '2'],
        ],
      };
      for (const box of placeSlide(slide)) {
        expect(box.x >= 0 && box.y >= 0 && box.x + box.w <= canvas.width && box.y + box.h <= canvas.height).toBe(true);
      }
    }
    const size = (title: string) =>
      placeSlide(blankSlide('a', 'title', { title })).find(({ role }) => role === 'title')?.size ?? 0;
    expect(size(long)).toBeLessThan(size('short'));
  });

  test('the words of every theme have a contrast of at least 4.5 to 1 on their grounds', () => {
    const light = (hex: string) =>
      [1, 3, 5]
        .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, at) => sum + value * ([0.2126, 0.7152, 0.0722][at] ?? 0), 0);
    const contrast = (left: string, right: string) => {
      const [low = 0, high = 0] = [light(left), light(right)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    };
    for (const name of deckThemes) {
      const theme = themes[name];
      for (const [ink, ground] of [
        [theme.ink, theme.ground],
        [theme.soft, theme.ground],
        [theme.accent, theme.ground],
        [theme.ink, theme.panel],
        [theme.coverInk, theme.cover],
        [theme.coverSoft, theme.cover],
      ] as const)
        expect([name, ink, ground, contrast(ink, ground) >= 4.5]).toEqual([name, ink, ground, true]);
    }
  });

  test('numbers of a chart are read as people write them', () => {
    expect(['1,234.5', '¥3.2万', '45 %', '(7)', '-8', '1.5亿', '—', '１'].map(readNumber)).toEqual([
      1234.5,
      32_000,
      45,
      -7,
      -8,
      150_000_000,
      null,
      null,
    ]);
    expect(
      chartData([
        ['Q', 'A'],
        ['1', 'x'],
        ['2', '5'],
      ]),
    ).toEqual({
      categories: ['1', '2'],
      series: [{ name: 'A', values: [0, 5] }],
    });
  });

  test('marks inside words of a slide: bold, code, maths; two prices are no formula', () => {
    expect(
      inlineRuns('a **b** `c` $x^2$').map(({ text: words, bold, code, math }) => [words, bold, code, math]),
    ).toEqual([
      ['a ', false, false, false],
      ['b', true, false, false],
      [' ', false, false, false],
      ['c', false, true, false],
      [' ', false, false, false],
      ['x^2', false, false, true],
    ]);
    expect(inlineRuns('from $5 to $9')).toHaveLength(1);
  });
});

describe('comparing', () => {
  const of = (title: string, ...paragraphs: string[]) => ({ title, paragraphs });

  test('a reworded paragraph is told word by word', () => {
    const { blocks, changed, same, added, removed } = compareTexts(
      of('old', '第一段不变。', '货物应在三十天内退回。', '旧的一段。'),
      of('new', '第一段不变。', '货物应在十五天内退回。', 'An entirely new paragraph of words.'),
    );
    expect({ changed, same, added, removed }).toEqual({ changed: 1, same: 1, added: 1, removed: 1 });
    expect(blocks[1]?.pieces).toEqual([
      { kind: 'same', text: '货物应在' },
      { kind: 'removed', text: '三十' },
      { kind: 'added', text: '十五' },
      { kind: 'same', text: '天内退回。' },
    ]);
  });

  test('whatever the two texts, old and new are found again in the pieces', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let round = 0; round < 200; round += 1) {
      const list = () =>
        Array.from({ length: random(12) }, () => `${['a', 'b', 'c 中', '文字'][random(4)]} ${random(3)}`);
      const before = list();
      const after = list();
      const { blocks } = compareTexts(of('', ...before), of('', ...after));
      const side = (gone: string, place: 'before' | 'after') =>
        blocks
          .filter((block) => block[place] !== null)
          .map(({ pieces }) =>
            pieces
              .filter(({ kind }) => kind !== gone)
              .map(({ text }) => text)
              .join(''),
          );
      expect(side('added', 'before')).toEqual(before);
      expect(side('removed', 'after')).toEqual(after);
    }
  });

  test('the shortest edit is found: ABCABBA to CBABAC takes five', () => {
    const edits = diffLists([...'ABCABBA'], [...'CBABAC']);
    expect(edits.filter(({ kind }) => kind !== 'same')).toHaveLength(5);
  });

  test('two long strangers are compared in bounded time', () => {
    const words = (seed: string) => Array.from({ length: 6_000 }, (_, at) => `${seed}${at}`);
    expect(diffLists(words('a'), words('b'))).toHaveLength(12_000);
  });
});

describe('reading', () => {
  const language = {
    words: (text: string) => text.toLowerCase().match(/\p{Script=Han}{2}|[a-z0-9]+/gu) ?? [],
    sentences: (text: string) =>
      [...text.matchAll(/(?:[^\n.。]|\.(?=\d))+[.。]?/g)].map(({ index, 0: match }) => ({
        start: index,
        end: index + match.length,
      })),
  };
  const text = `1. Introduction

The refund policy covers all goods sold by the stores. Goods may be returned within thirty days of delivery.

2. Money

A refund of 1,250 USD is paid within 14 days. The stores answer refund questions about goods every day.
The cat sat quietly on a red mat in the garden behind the house.

Item | Price
Lamp | 20
Chair | 45

结尾：收入增长 12.5%，达到 3.2 亿元。`;
  const read = { text, pageStarts: [0, text.indexOf('2. Money')] };

  test('every sentence of a summary stands in the text, in its order, with its page; strangers to the rest stay out', () => {
    const summary = summarise(read, language, 3);
    expect(summary.length).toBe(3);
    for (const { start, end, text: words } of summary) expect(text.slice(start, end)).toBe(words);
    expect(summary.map(({ start }) => start)).toEqual(summary.map(({ start }) => start).toSorted((a, b) => a - b));
    expect(summary.some(({ text: words }) => words.includes('cat'))).toBe(false);
    expect(new Set(summary.map(({ page }) => page))).toEqual(new Set([1, 2]));
  });

  test('figures with their unit are found in both languages, each where it stands', () => {
    const figures = keyFigures(read, language);
    for (const { start, end, value } of figures) expect(text.slice(start, end)).toBe(value);
    const values = figures.map(({ value }) => value);
    expect(values).toContain('12.5%');
    expect(values.some((value) => value.startsWith('1,250'))).toBe(true);
  });

  test('a table laid out as lines is a table again, and headings are an outline', () => {
    expect(tablesOf(read)).toEqual([
      expect.objectContaining({
        page: 2,
        rows: [
          ['Item', 'Price'],
          ['Lamp', '20'],
          ['Chair', '45'],
        ],
      }),
    ]);
    expect(outlineOf(read).map(({ title, level, page }) => [title, level, page])).toEqual([
      ['1. Introduction', 1, 1],
      ['2. Money', 1, 2],
    ]);
  });

  test('words are counted as writers count them', () => {
    expect(countWords('文库 has 3 words, 你好。')).toBe(7);
  });
});

describe('writing', () => {
  test('an outline is read from what a model wrote, with its marks taken off', () => {
    expect(readOutline('Sure!\n## **Why** [1]\n- cost\n* time\n2. How\n- step\n')).toEqual([
      { title: 'Why', points: ['cost', 'time'] },
      { title: 'How', points: ['step'] },
    ]);
  });

  test('numbers in brackets become citations where one was verified, and go where none was', () => {
    const nodes = docFromMarkdown('Refunds take 14 days [1]. Invented [2].').content;
    const citation = {
      number: 1,
      passageId: 'p',
      documentId: 'd',
      documentName: 'a.pdf',
      quote: '14 days',
      start: 3,
      end: 9,
      page: 2,
    };
    const placed = placeCitations(nodes, [citation]);
    expect(placed[0]?.content?.map(({ type, text, attrs }) => text ?? `${type} ${attrs?.page}`)).toEqual([
      'Refunds take 14 days',
      'citation 2',
      '. Invented',
      '.',
    ]);
    expect(() => checkContent('doc', { type: 'doc', content: placed })).not.toThrow();
  });
});

test('every template is a whole document in both languages, and the report deck has ten slides', () => {
  for (const { id, kind } of wenkuTemplates)
    for (const language of ['en', 'zh'] as const) {
      const made = templateContent(id, language);
      expect(() => checkContent(kind, made?.content)).not.toThrow();
      const words = paragraphsOf(made?.content as WenkuDoc).join('');
      expect(/\p{Script=Han}/u.test(words)).toBe(language === 'zh');
    }
  expect(wenkuTemplates.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['report', 'plan', 'minutes', 'contract-review', 'course-outline', 'weekly-review']),
  );
  expect(templateContent('deck-report', 'zh')?.content).toMatchObject({ type: 'deck', slides: { length: 10 } });
  expect(templateContent('none', 'en')).toBeNull();
});
