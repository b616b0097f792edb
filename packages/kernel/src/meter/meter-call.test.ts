import type { ModelEvent, Usage } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { usageOf } from '../testbed/scripted-endpoint.ts';
import { countText, emptyCount, estimateInput, estimateTokens } from './estimate-tokens.ts';
import { type CallEnd, CallMeter } from './meter-call.ts';

const bounds = { input: { tokens: 20, boundTokens: 100, hasMedia: false }, outputBoundTokens: 50 };
const text = (words: string): ModelEvent => ({ type: 'text', choice: 0, text: words });
const report = (usage: Usage, provisional = false): ModelEvent => ({ type: 'usage', usage, provisional });

function meter(events: readonly ModelEvent[], end: CallEnd = 'ok') {
  const counter = new CallMeter(bounds);
  for (const event of events) counter.take(event);
  return counter.finish(end);
}

test('[K60] provisional and final usage are never summed, in whatever order they come', () => {
  const provisional = report(usageOf(30, 1), true);
  const final = report(usageOf(31, 9));
  const words = text('a few words here');
  expect(meter([provisional, words, final]).usage).toEqual(usageOf(31, 9));
  expect(meter([provisional, provisional, words, final, provisional]).usage).toEqual(usageOf(31, 9));
  expect(meter([final, words, final]).usage).toEqual(usageOf(31, 9));
});

test('[K61] a report that cannot be true is replaced by the estimate, and the doubt is said', () => {
  const words = text('word '.repeat(30));
  const lies: Partial<Usage>[] = [
    { inputTokens: -1 },
    { outputTokens: Number.NaN },
    { outputTokens: 2.5 },
    { inputTokens: Number.POSITIVE_INFINITY },
    { inputTokens: 101 },
    { outputTokens: 51 },
    { outputTokens: 0 },
    { reasoningTokens: -3 },
  ];
  for (const lie of lies) {
    const metered = meter([words, report({ ...usageOf(30, 30), ...lie })]);
    expect(metered.doubt, JSON.stringify(lie)).not.toBeNull();
    expect(metered.usage).toMatchObject({ inputTokens: 20, outputTokens: 38, source: 'estimated' });
  }
  expect(meter([words, report(usageOf(100, 50))])).toEqual({ usage: usageOf(100, 50), doubt: null });
});

test('[K61] parts larger than their whole are cut to it', () => {
  const { usage } = meter([
    text('hi'),
    report({ ...usageOf(30, 4), cachedInputTokens: 25, cacheWriteTokens: 25, reasoningTokens: 9 }),
  ]);
  expect(usage).toMatchObject({ cachedInputTokens: 25, cacheWriteTokens: 5, reasoningTokens: 4 });
});

test('[K62] without a report the text is counted; of nothing that came nothing is charged', () => {
  expect(meter([text('twelve chars')]).usage).toMatchObject({ inputTokens: 20, outputTokens: 3, source: 'estimated' });
  expect(meter([text('x'.repeat(4_000))]).usage.outputTokens).toBe(50);
  expect(meter([], 'aborted').usage).toMatchObject({ inputTokens: 0, outputTokens: 0 });
  expect(meter([], 'failed').usage.inputTokens).toBe(0);
});

test('[K62] a call that ended early takes the larger of what was reported and what came', () => {
  const early = [report(usageOf(30, 1), true), text('word '.repeat(8))];
  expect(meter(early, 'cut').usage).toMatchObject({ inputTokens: 30, outputTokens: 10, source: 'estimated' });
  expect(meter([...early, report(usageOf(30, 12), true)], 'aborted').usage).toMatchObject({ outputTokens: 12 });
});

test('[K63] estimates know that a Chinese character is more of a token than a Latin letter', () => {
  expect(estimateTokens('hello there, friend!')).toBe(5);
  expect(estimateTokens('万象是一个操作系统')).toBe(8);
  expect(estimateTokens('Привет, мир')).toBe(5);
  expect(estimateTokens('')).toBe(0);
});

test('[K63] the bound counts at least the UTF-8 bytes, exactly so but for emoji', () => {
  for (const words of ['plain', 'é ß ñ', '万象，《》', '😀👨‍👩‍👧', 'mixed 混合 😀 é', '\ud800 lone', '\udc00']) {
    const count = emptyCount();
    countText(count, words);
    const pairs =
      words.match(/\p{Surrogate}|[\u{10000}-\u{10ffff}]/gu)?.filter((pair) => pair.length === 2).length ?? 0;
    expect(count.bytes).toBe(Buffer.byteLength(words) + 2 * pairs);
  }
});

test('[K63] messages, tools, schemas, tool calls and media all count', () => {
  const base = estimateInput({ messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] });
  const tools = estimateInput({
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    tools: [{ name: 'search', description: 'Finds things', parameters: { type: 'object' } }],
  });
  expect(tools.tokens).toBeGreaterThan(base.tokens + 10);
  const image = estimateInput({
    messages: [{ role: 'user', content: [{ type: 'image', source: { kind: 'url', url: 'https://x' } }] }],
  });
  expect(image).toMatchObject({ hasMedia: true });
  const calls = estimateInput({
    messages: [
      {
        role: 'assistant',
        content: [],
        toolCalls: [{ id: '1', name: 'search', argumentsJson: `{"q":"${'long '.repeat(40)}"}` }],
      },
    ],
  });
  expect(calls.tokens).toBeGreaterThan(40);
});

test('[K63] a long text is counted by sample, its bytes exactly', () => {
  for (const words of ['plain words ', '万象是一个操作系统。', 'mixed 混合 text 文字 ', 'Привет, мир ', '😀 ok ']) {
    const short = estimateTokens(words.repeat(8));
    const long = words.repeat(800);
    expect(Math.abs(estimateTokens(long) / (short * 100) - 1)).toBeLessThan(0.05);
    const count = emptyCount();
    countText(count, long);
    expect(count.bytes).toBe(Buffer.byteLength(long));
  }
});
