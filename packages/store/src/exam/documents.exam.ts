import type { ModelEndpoint, Store } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sampleConversation, sampleId, sampleMessage } from './samples.exam.ts';

/** Models, conversations and settings. */
export function examineDocuments(open: () => Store): void {
  test('[E1] endpoints are kept whole, changed and removed', async () => {
    const { models } = open();
    const endpoint: ModelEndpoint = {
      id: sampleId('mdl'),
      name: 'deepseek/deepseek-chat',
      family: 'openai-compatible',
      provider: 'deepseek',
      baseUrl: 'https://api.example.org',
      upstreamModel: 'deepseek-chat',
      capabilities: ['chat', 'tools'],
      contextTokens: 64_000,
      maxOutputTokens: null,
      price: null,
      concurrency: 8,
      enabled: true,
      preference: 0.5,
      options: { thinking: false },
    };
    await models.save(endpoint);
    expect(await models.list()).toEqual([endpoint]);
    const priced = {
      ...endpoint,
      enabled: false,
      price: {
        currency: 'USD',
        inputMicrosPerMillion: 1,
        outputMicrosPerMillion: 2,
        source: 'https://example.org',
        date: '2026-01-01',
      },
    };
    await models.save(priced);
    expect(await models.list()).toEqual([priced]);
    await models.remove(endpoint.id);
    expect(await models.list()).toEqual([]);
    await expect(models.remove(endpoint.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[E2] sealed secrets come back byte for byte', async () => {
    const { models } = open();
    const sealed = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await models.saveSecret('endpoint:1', sealed);
    expect(await models.secret('endpoint:1')).toEqual(sealed);
    await models.saveSecret('endpoint:1', sealed.subarray(0, 3));
    expect(await models.secret('endpoint:1')).toEqual(new Uint8Array([0, 1, 2]));
    await models.removeSecret('endpoint:1');
    expect(await models.secret('endpoint:1')).toBeNull();
  });

  test("[V1] a person's conversations: pinned first, then the latest, in pages, by app", async () => {
    const { conversations } = open();
    const ownerId = sampleId('per');
    const all = [1, 2, 3, 4].map((updatedAt) =>
      sampleConversation({ ownerId, updatedAt, pinned: updatedAt === 2, appId: `app_${updatedAt % 2}` }),
    );
    for (const conversation of all) await conversations.save(conversation);
    await conversations.save(sampleConversation({ ownerId: 'someone-else' }));
    const page = await conversations.list({ ownerId, limit: 2 });
    const rest = await conversations.list({ ownerId, limit: 2, cursor: page.nextCursor });
    expect([...page.items, ...rest.items].map(({ updatedAt }) => updatedAt)).toEqual([2, 4, 3, 1]);
    expect((await conversations.list({ ownerId, appId: 'app_1' })).items).toHaveLength(2);
    const [first] = all;
    if (!first) return;
    await conversations.save({ ...first, title: 'Renamed', activeLeaf: 'msg_1' });
    expect(await conversations.get(first.id)).toEqual({ ...first, title: 'Renamed', activeLeaf: 'msg_1' });
    expect(await conversations.get('conv_none')).toBeNull();
  });

  test('[V2] messages keep their order and their tree, and change while they stream', async () => {
    const { conversations } = open();
    const conversation = sampleConversation();
    await conversations.save(conversation);
    const question = sampleMessage(conversation.id, { createdAt: 1 });
    const answer = sampleMessage(conversation.id, {
      parentId: question.id,
      role: 'assistant',
      status: 'streaming',
      createdAt: 2,
      citations: [
        { number: 1, passageId: 'psg', documentId: 'doc', documentName: 'a.pdf', quote: '引用', start: 0, end: 2 },
      ],
      toolCalls: [{ name: 'calculator', argumentsJson: '{}', result: null, ok: true }],
    });
    await conversations.saveMessage(question);
    await conversations.saveMessage(answer);
    const done = { ...answer, text: '答案', status: 'ok', tookMs: 12.5, costMicros: 3, currency: 'USD' } as const;
    await conversations.saveMessage({ ...done, feedback: { rating: 'up', comment: null } });
    expect(await conversations.messages(conversation.id)).toEqual([
      question,
      { ...done, feedback: { rating: 'up', comment: null } },
    ]);
    expect(await conversations.message(question.id)).toEqual(question);
  });

  test('[V3] search finds words of titles and messages, Chinese too, of this person only', async () => {
    const { conversations } = open();
    const ownerId = sampleId('per');
    const titled = sampleConversation({ ownerId, title: 'Quarterly Report', updatedAt: 2 });
    const told = sampleConversation({ ownerId });
    for (const conversation of [titled, told]) await conversations.save(conversation);
    await conversations.saveMessage(sampleMessage(told.id, { text: '请总结季度报告 100%' }));
    const find = async (search: string, owner = ownerId) =>
      (await conversations.list({ ownerId: owner, search })).items.map(({ id }) => id);
    expect(await find('quarterly')).toEqual([titled.id]);
    expect(await find('季度报告')).toEqual([told.id]);
    expect(await find('100%')).toEqual([told.id]);
    expect(await find('%')).toEqual([told.id]);
    expect(await find('季度报告', 'someone-else')).toEqual([]);
  });

  test('[V4] a deleted conversation takes its messages along, and a late one does not bring it back', async () => {
    const { conversations } = open();
    const conversation = sampleConversation();
    await conversations.save(conversation);
    const message = sampleMessage(conversation.id);
    await conversations.saveMessage(message);
    await conversations.delete(conversation.id);
    expect(await conversations.messages(conversation.id)).toEqual([]);
    expect(await conversations.message(message.id)).toBeNull();
    await expect(conversations.saveMessage(message)).rejects.toMatchObject({ code: 'not_found' });
    await expect(conversations.delete(conversation.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[G1] settings hold any JSON under a key, and are read by the beginning of it', async () => {
    const { settings } = open();
    await settings.set('consent:ollama', { yes: true, 模型: ['a'] });
    await settings.set('consent:lmstudio', false);
    await settings.set('consentx', 1);
    expect(await settings.get('consent:ollama')).toEqual({ yes: true, 模型: ['a'] });
    expect(await settings.entries('consent:')).toEqual([
      { key: 'consent:lmstudio', value: false },
      { key: 'consent:ollama', value: { yes: true, 模型: ['a'] } },
    ]);
    await settings.set('consent:lmstudio', null);
    await settings.delete('consent:ollama');
    expect(await settings.entries('consent:')).toEqual([{ key: 'consent:lmstudio', value: null }]);
    expect(await settings.get('nothing')).toBeNull();
    expect((await settings.entries('')).length).toBeGreaterThanOrEqual(2);
  });
}
