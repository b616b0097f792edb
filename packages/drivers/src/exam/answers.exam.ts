import type { ChatAnswer, ChatMessage, ModelEvent } from '@myriad/contracts';
import { describe, expect, test } from 'vitest';
import { type CollectedAnswer, collectAnswer } from '../dialect/collect-answer.ts';
import type { DriverExam } from './driver-exam.ts';
import { examOptions } from './exam-options.ts';
import { citySchema, expected, pictureUrl, pixel, reasoningText, requests, type Scenario } from './scenarios.ts';

/** What a driver answers, in both modes. */
export function examineAnswers(setup: DriverExam): void {
  for (const scenario of Object.keys(requests) as Scenario[]) {
    if (setup.standing[scenario] === 'answers')
      for (const stream of [true, false])
        test(`${scenario}, ${stream ? 'streamed' : 'plain'}: the exact words, finish and usage come out`, () =>
          examine(setup, scenario, stream));
    if (setup.standing[scenario] === 'refuses')
      test(`${scenario} is refused as unsupported before anything is sent`, async () => {
        const seat = await setup.open(scenario);
        try {
          await expect(collectAnswer(seat.connection.chat(requests[scenario], examOptions()))).rejects.toMatchObject({
            code: 'unsupported',
          });
          expect(seat.sent()).toEqual([]);
        } finally {
          await seat.close();
        }
      });
  }

  if (setup.signature !== null)
    test('reasoning goes back verbatim, signature included', async () => {
      const seat = await setup.open('reasoning');
      try {
        const first = await collectAnswer(seat.connection.chat(requests.reasoning, examOptions()));
        const { text, reasoning } = first.choices[0] as ChatAnswer;
        const history: ChatMessage[] = [
          ...requests.reasoning.messages,
          { role: 'assistant', content: [{ type: 'text', text }], reasoning },
          { role: 'user', content: [{ type: 'text', text: 'Sure?' }] },
        ];
        await collectAnswer(seat.connection.chat({ messages: history }, examOptions()));
        expect(JSON.stringify(seat.sent()[1])).toContain(JSON.stringify(setup.signature));
      } finally {
        await seat.close();
      }
    });

  if (setup.standing.tools === 'answers')
    test('calls and results of an earlier turn reach the provider with their ids, names and words', async () => {
      const seat = await setup.open('text');
      try {
        const history: ChatMessage[] = [
          ...requests.tools.messages,
          {
            role: 'assistant',
            content: [],
            toolCalls: [
              { id: 'exam_call_1', name: 'get_weather', argumentsJson: '{"city":"Paris"}' },
              { id: 'exam_call_2', name: 'get_time', argumentsJson: '' },
            ],
          },
          { role: 'tool', toolCallId: 'exam_call_1', content: [{ type: 'text', text: 'sunny spell' }] },
          { role: 'tool', toolCallId: 'exam_call_2', content: [{ type: 'text', text: 'half past' }], isError: true },
        ];
        await collectAnswer(seat.connection.chat({ ...requests.tools, messages: history }, examOptions()));
        const sent = JSON.stringify(seat.sent()[0]);
        for (const part of ['exam_call_1', 'exam_call_2', 'get_weather', 'Paris', 'sunny spell', 'half past'])
          expect(sent).toContain(part);
      } finally {
        await seat.close();
      }
    });

  if (setup.extraField !== null) {
    const field = setup.extraField;
    test(`a field of the caller that we do not know (${field}) reaches the provider`, async () => {
      const seat = await setup.open('text');
      try {
        await collectAnswer(
          seat.connection.chat({ ...requests.text, extra: { [field]: { deep: [1] } } }, examOptions()),
        );
        expect(seat.sent()[0]).toMatchObject({ [field]: { deep: [1] } });
      } finally {
        await seat.close();
      }
    });
  }

  describe('abort', () => {
    test('a signal that fired before the call sends nothing and throws aborted', async () => {
      const seat = await setup.open('text');
      try {
        const signal = AbortSignal.abort();
        await expect(collectAnswer(seat.connection.chat(requests.text, examOptions({ signal })))).rejects.toMatchObject(
          {
            code: 'aborted',
          },
        );
        expect(seat.sent()).toEqual([]);
      } finally {
        await seat.close();
      }
    });

    test('a signal between two events ends the stream with aborted, and what was used is in the facts', async () => {
      const seat = await setup.open('text');
      try {
        const controller = new AbortController();
        const seen: ModelEvent[] = [];
        const run = async () => {
          for await (const event of seat.connection.chat(requests.text, examOptions({ signal: controller.signal }))) {
            seen.push(event);
            if (event.type === 'start') controller.abort();
          }
        };
        await expect(run()).rejects.toMatchObject({
          code: 'aborted',
          facts: { usage: { inputTokens: expect.any(Number) } },
        });
        expect(seen.some((event) => event.type === 'finish')).toBe(false);
      } finally {
        await seat.close();
      }
    });
  });
}

async function examine(setup: DriverExam, scenario: Scenario, stream: boolean): Promise<void> {
  const seat = await setup.open(scenario);
  try {
    const answer = await collectAnswer(seat.connection.chat(requests[scenario], examOptions({ stream })));
    const { texts, finish, usage } = expected[scenario];
    checkOrder(answer.events, texts.length);
    expect(answer.choices.map((choice) => choice.text)).toEqual(texts);
    finish.forEach((reason, choice) => {
      if (reason !== null) expect(answer.choices[choice]?.finish).toBe(reason);
    });
    expect(answer.usage).toMatchObject(usage);
    checkScenario(setup, scenario, answer, seat.sent(), stream);
  } finally {
    await seat.close();
  }
}

/** `start` once and first; one `finish` a choice; nothing of the answer after it; exactly one final usage, at the end. */
function checkOrder(events: readonly ModelEvent[], choices: number): void {
  expect(events.map((event) => event.type).filter((type) => type === 'start')).toEqual(['start']);
  expect(events[0]?.type).toBe('start');
  expect(events.filter((event) => event.type === 'finish')).toHaveLength(choices);
  const firstFinish = events.findIndex((event) => event.type === 'finish');
  expect(events.slice(firstFinish).every((event) => event.type === 'finish' || event.type === 'usage')).toBe(true);
  const final = events.filter((event) => event.type === 'usage' && !event.provisional);
  expect(final).toHaveLength(1);
  expect(events.at(-1)).toEqual(final[0]);
}

function checkScenario(
  setup: DriverExam,
  scenario: Scenario,
  answer: CollectedAnswer,
  sent: readonly unknown[],
  stream: boolean,
): void {
  const first = answer.choices[0] as ChatAnswer;
  const body = JSON.stringify(sent[0] ?? null);
  switch (scenario) {
    case 'tools':
      expect(first.toolCalls.map((call) => [call.name, JSON.parse(call.argumentsJson)])).toEqual([
        ['get_weather', { city: 'Paris' }],
        ['get_time', { zone: 'Europe/Paris' }],
      ]);
      expect(new Set(first.toolCalls.map((call) => call.id)).size).toBe(2);
      expect(first.toolCalls.every((call) => call.id !== '')).toBe(true);
      expect(body).toContain('The tool get_time');
      break;
    case 'tool-empty-arguments':
      expect(first.toolCalls).toHaveLength(1);
      expect(first.toolCalls[0]?.name).toBe('ping');
      expect(['', '{}']).toContain(first.toolCalls[0]?.argumentsJson);
      break;
    case 'tool-truncated':
      expect(first.toolCalls[0]?.name).toBe('get_weather');
      if (stream) expect(first.toolCalls[0]?.argumentsJson).toBe('{"city":"Par');
      break;
    case 'json':
      // Never dropped: the provider got the schema itself, or it was told in the instructions.
      expect(setup.schema === 'emulated' ? body.replaceAll('\\"', '"') : body).toContain(
        JSON.stringify(citySchema.properties),
      );
      break;
    case 'images':
      expect(body).toContain(pictureUrl);
      expect(body).toContain(pixel);
      break;
    case 'reasoning':
      expect(first.reasoning.map((part) => part.text).join('')).toBe(reasoningText);
      break;
    case 'cached':
      expect(answer.usage?.cacheWriteTokens).toBe(setup.cacheWriteTokens);
      break;
    case 'logprobs': {
      const content = answer.events.find((event) => event.type === 'logprobs')?.content;
      expect(content).toMatchObject([
        { token: 'Hi', logprob: -0.1, top_logprobs: [{ token: 'Hi' }, { token: 'Hello' }] },
      ]);
      break;
    }
    case 'refusal':
      expect(first.refusal !== null || first.finish === 'contentFilter').toBe(true);
      break;
    default:
  }
}
