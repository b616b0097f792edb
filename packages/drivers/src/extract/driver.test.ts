import type { ChatRequest, Passage } from '@myriad/contracts';
import { describe, expect, test } from 'vitest';
import { collectAnswer } from '../dialect/collect-answer.ts';
import { describeDriver } from '../exam/describe-driver.exam.ts';
import { examOptions } from '../exam/exam-options.ts';
import { chooseQuotes } from './choose-quotes.ts';
import { createExtractDriver } from './driver.ts';
import { extractEndpoint } from './extract-endpoint.ts';
import { scorePassages } from './score-passages.ts';
import { documents, questions } from './threshold-questions.ts';

const connection = createExtractDriver().connect(extractEndpoint(), null);

describeDriver('extract', {
  standing: {
    text: 'absent',
    tools: 'absent',
    'tool-empty-arguments': 'absent',
    'tool-truncated': 'absent',
    json: 'refuses',
    images: 'refuses',
    reasoning: 'absent',
    cached: 'absent',
    choices: 'refuses',
    logprobs: 'refuses',
    refusal: 'absent',
  },
  signature: null,
  schema: null,
  embeddings: false,
  models: true,
  relayPath: null,
  cacheWriteTokens: 0,
  extraField: null,
  http: null,
  open: async () => ({ connection, sent: () => [], close: async () => undefined }),
});

const ask = (question: string, passages?: readonly Passage[]): ChatRequest => ({
  messages: [{ role: 'user', content: [{ type: 'text', text: question }] }],
  ...(passages ? { passages } : {}),
});

const answerTo = (question: string, passages?: readonly Passage[]) =>
  collectAnswer(connection.chat(ask(question, passages), examOptions()));

/** A passage that stands somewhere in a longer document; sentences by full stops, with the coverage given for each. */
function passage(change: Partial<Passage> & { readonly text: string }, coverages: readonly number[]): Passage {
  const sentences = [...change.text.matchAll(/[^.。\n]+[.。]?\s*/g)].map((match, index) => ({
    start: match.index,
    end: match.index + match[0].length,
    coverage: coverages[index] ?? 0,
  }));
  return {
    id: 'psg_1',
    documentId: 'doc_1',
    documentName: 'Handbook.pdf',
    collectionId: 'col',
    start: 1000,
    end: 1000 + change.text.length,
    page: 3,
    headings: [],
    score: 1,
    coverage: 0.9,
    sentences,
    ...change,
  };
}

describe('quotes', () => {
  test('each citation is verbatim, and its offsets find the same words in the document', async () => {
    for (const { question, answer } of questions.filter((entry) => entry.answer !== null)) {
      const passages = scorePassages(question, documents).slice(0, 5);
      const { choices, usage } = await answerTo(question, passages);
      for (const citation of choices[0]?.citations ?? []) {
        const document = documents[Number(citation.documentId.slice(4))] as string;
        expect(document.slice(citation.start, citation.end)).toBe(citation.quote);
        expect(choices[0]?.text).toContain(`> ${citation.quote} [${citation.number}]`);
      }
      if (choices[0]?.finish === 'stop') expect(choices[0].text).toContain(answer as string);
      expect(usage?.source).toBe('estimated');
    }
  });

  test('of the measured set at least 25 of 30 questions get the right sentence, and none of the 30 unanswerable a quote', async () => {
    let right = 0;
    for (const { question, answer } of questions) {
      const { choices } = await answerTo(question, scorePassages(question, documents).slice(0, 5));
      if (answer === null)
        expect([question, choices[0]?.finish, choices[0]?.citations]).toEqual([question, 'notFound', []]);
      else if (choices[0]?.text.includes(answer)) right += 1;
    }
    expect(right).toBeGreaterThanOrEqual(25);
  });

  test('offsets count from the start of the document, page and name are said, and two runs are the same', async () => {
    const passages = [passage({ text: 'Nothing here. Leave is fifteen days. More words.' }, [0, 0.8, 0])];
    const first = await answerTo('How many days of leave?', passages);
    expect(first.choices[0]?.citations).toEqual([
      {
        number: 1,
        passageId: 'psg_1',
        documentId: 'doc_1',
        documentName: 'Handbook.pdf',
        quote: 'Leave is fifteen days.',
        start: 1014,
        end: 1036,
        page: 3,
        score: 0.8,
      },
    ]);
    expect(first.choices[0]?.text).toBe(
      'Quoted word for word from your documents:\n\n> Leave is fifteen days. [1]\n>\n> — Handbook.pdf, p. 3\n',
    );
    expect((await answerTo('How many days of leave?', passages)).events).toEqual(first.events);
    expect(first.events.filter((event) => event.type === 'text').length).toBeGreaterThan(3);
  });

  test('a Chinese question is framed in Chinese', async () => {
    const { choices } = await answerTo('年假有几天？', [passage({ text: '年假十五天。' }, [0.8])]);
    expect(choices[0]?.text).toBe('以下逐字摘自您的资料：\n\n> 年假十五天。 [1]\n>\n> — Handbook.pdf, 第 3 页\n');
  });

  test('neighbours become one quote, a passage keeps one number, and the order is that of the text', () => {
    const text = 'One is first. Two is second. Unrelated words. Three is third.';
    const quotes = chooseQuotes([passage({ text }, [0.7, 0.9, 0.1, 0.8])]);
    expect(quotes.map(({ start, end }) => text.slice(start, end))).toEqual([
      'One is first. Two is second.',
      'Three is third.',
    ]);
  });

  test('the same sentence in two documents is quoted once, from the better passage', () => {
    const text = 'The port is 8420.';
    const quotes = chooseQuotes([
      passage({ id: 'psg_1', text, coverage: 0.7 }, [0.9]),
      passage({ id: 'psg_2', text: `${text} `, coverage: 0.95 }, [0.9]),
    ]);
    expect(quotes.map((quote) => quote.passage.id)).toEqual(['psg_2']);
  });

  test('a line that is only a heading is not an answer', () => {
    const text = '# Annual leave\nAnnual leave\nLeave is fifteen days.\n';
    const sentences = [
      { start: 0, end: 14, coverage: 1 },
      { start: 15, end: 27, coverage: 1 },
      { start: 28, end: 50, coverage: 0.7 },
    ];
    const quotes = chooseQuotes([passage({ text, sentences, headings: ['Annual leave'] }, [])]);
    expect(quotes.map(({ start, end }) => text.slice(start, end))).toEqual(['Leave is fifteen days.']);
  });

  test('never more than five quotes', () => {
    const passages = Array.from({ length: 9 }, (_, index) =>
      passage({ id: `psg_${index}`, text: `Fact number ${index} about leave.` }, [0.8]),
    );
    expect(chooseQuotes(passages)).toHaveLength(5);
  });

  test('a quote of several lines stays inside its block', async () => {
    const text = 'Leave is\nfifteen days.';
    const { choices } = await answerTo('leave?', [
      passage({ text, sentences: [{ start: 0, end: text.length, coverage: 0.9 }] }, []),
    ]);
    expect(choices[0]?.text).toContain('\n> Leave is\n> fifteen days. [1]\n');
    expect(choices[0]?.citations[0]?.quote).toBe(text);
  });
});

describe('not found and fixed words', () => {
  test.each([
    ['a passage below half of the question', [passage({ text: 'Leave is fifteen days.', coverage: 0.45 }, [0.9])]],
    ['sentences that cover too little each', [passage({ text: 'Leave is fifteen days.' }, [0.3])]],
    ['an empty search', []],
  ])('%s is notFound without a citation', async (_, passages) => {
    const { choices } = await answerTo('How many days of leave?', passages);
    expect(choices[0]).toMatchObject({ finish: 'notFound', citations: [] });
    expect(choices[0]?.text).toMatch(/^Not found/);
  });

  test('without any documents it says so and how to change that, in the language of the question', async () => {
    expect((await answerTo('How many days?')).choices[0]).toMatchObject({
      finish: 'notFound',
      text: expect.stringContaining('no documents to quote from yet'),
    });
    expect((await answerTo('年假几天？')).choices[0]?.text).toContain('还没有可供引用的资料');
  });

  test.each([
    ['Hello!', 'fixed text'],
    ['hi there', 'fixed text'],
    ['Who are you?', 'fixed text'],
    ['What can you do?', 'fixed text'],
    ['你好', '固定说明'],
    ['你好！你是谁？', '固定说明'],
    ['你能做什么呢？', '固定说明'],
  ])('%s is answered by saying what it is, marked as a fixed text', async (question, mark) => {
    const { choices } = await answerTo(question, [passage({ text: 'Hello world of leave.' }, [0.9])]);
    expect(choices[0]).toMatchObject({ finish: 'stop', citations: [], text: expect.stringContaining(mark) });
    expect(choices[0]?.text).toContain('myriad/extract-1');
  });

  test.each(['Hello, how many days of leave do I have?', '你好，年假有几天？', 'Help desk phone number?'])(
    '%s is a question, not a greeting',
    async (question) => {
      expect((await answerTo(question, [])).choices[0]?.finish).toBe('notFound');
    },
  );
});

test('the endpoint says that it does not generate and is free, with its source', () => {
  expect(extractEndpoint()).toMatchObject({
    id: 'mdl_extract1',
    name: 'myriad/extract-1',
    capabilities: ['chat', 'zh'],
    concurrency: 64,
    price: { inputMicrosPerMillion: 0, outputMicrosPerMillion: 0, source: 'built in' },
  });
});
