import { type AppEvent, type FailureCode, type ModelEvent, MyriadError } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { passageOf, type Script, testRandom } from '../../test/memory-house.ts';
import { manifest, mei, openHouse, user } from '../../test/open-house.ts';

const codes: readonly FailureCode[] = [
  'upstream_cut',
  'upstream_timeout',
  'budget_exhausted',
  'queue_full',
  'aborted',
  'internal',
];
const source = manifest(
  'tools: [{tool: calculator}, {tool: current_time}, {tool: knowledge_search}]',
  'limits: {tool_rounds: 3}',
);

test('[R1][R6] whatever a model, a tool, the caller or the reader does, a begun run settles once and the stream ends once', async () => {
  const random = testRandom(20_261);
  const below = (limit: number) => Math.floor(random.next() * limit);
  const chance = (share: number) => random.next() < share;
  const endings = new Map<string, number>();

  for (let round = 0; round < 300; round += 1) {
    const controller = new AbortController();
    const script: Script = function* (): Iterable<ModelEvent> {
      for (let step = below(6); step > 0; step -= 1) {
        if (chance(0.03)) controller.abort();
        if (controller.signal.aborted) throw new MyriadError('aborted', 'gone');
        if (chance(0.04)) throw new MyriadError(codes[below(codes.length)] as FailureCode, 'it failed');
        if (chance(0.02)) throw new TypeError('a fault');
        const kind = below(4);
        if (kind === 0) yield { type: 'reasoning', choice: 0, text: 'hm', ...(chance(0.5) ? { signature: 's' } : {}) };
        else if (kind === 1) yield { type: 'text', choice: below(2), text: 'It is 42 [1]. ' };
        else {
          const name = ['calculator', 'current_time', 'knowledge_search', 'nothing'][below(4)] as string;
          const argumentsDelta = ['{"expression":"1+1"}', '{"query":"x"}', '{}', '', '{', '[]'][below(6)] as string;
          yield {
            type: 'toolCall',
            choice: 0,
            index: below(3),
            name,
            argumentsDelta,
            ...(chance(0.7) ? { id: `c${step}` } : {}),
          };
        }
      }
      if (chance(0.9)) yield { type: 'finish', choice: 0, reason: 'stop' };
    };
    const house = openHouse({ scripts: [script], passages: [passageOf('psg_1', 'col_9', 'It is 42.')] });
    const app = await house.publish(source);
    if (chance(0.05)) house.kernel.refuse = new MyriadError('rate_limited', 'slow down');
    const stopAt = chance(0.3) ? 1 + below(6) : Number.POSITIVE_INFINITY;
    const events: AppEvent[] = [];
    const request = {
      app,
      caller: mei,
      surface: 'page' as const,
      messages: [user('What is it?')],
      stream: true,
      collectionIds: ['col_9'],
    };
    for await (const event of house.apps.run({ ...request, signal: controller.signal })) {
      events.push(event);
      if (events.length >= stopAt) break;
    }
    const last = events.at(-1)?.type;
    const ended = events.filter(({ type }) => type === 'done' || type === 'error');
    expect(house.kernel.settled).toHaveLength(house.kernel.begun.length);
    if (events.length < stopAt) {
      expect(ended).toHaveLength(1);
      expect(['done', 'error']).toContain(last);
      const [settled] = house.kernel.settled;
      if (settled) expect(settled.outcome.status === 'ok').toBe(last === 'done');
    }
    const calls = new Set(events.flatMap((event) => (event.type === 'toolCall' ? [event.id] : [])));
    for (const event of events) if (event.type === 'toolResult') expect(calls).toContain(event.id);
    const name = events.length < stopAt ? (last ?? '') : 'stopped';
    endings.set(name, (endings.get(name) ?? 0) + 1);
  }
  // The walk must have been through all three endings, often.
  for (const name of ['done', 'error', 'stopped']) expect(endings.get(name) ?? 0, name).toBeGreaterThan(15);
});
