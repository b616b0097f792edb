/** A talk in a real browser, with a model that writes: streaming, reload, stop, edit, answer again, copy, the list. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowserOrSay, type Visit, visit } from './support/open-console.ts';
import { becomeOwner, call, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { countedWords, startUpstream, type Upstream } from './support/upstream.ts';

const browser = await openBrowserOrSay();
const counted = countedWords.join('').trim();

describe.skipIf(!browser)('a talk', () => {
  let node: RunningNode;
  let upstream: Upstream;
  let session: Session;
  let talk: Visit;
  const box = () => talk.page.getByRole('textbox', { name: 'Ask, or drop a file' });
  const answers = () => talk.page.getByRole('article', { name: 'Answer' });
  const lastAnswer = () => answers().last();
  const ask = async (text: string) => {
    await box().fill(text);
    await box().press('Enter');
  };
  const whole = () => lastAnswer().and(talk.page.locator('[aria-busy=false]')).waitFor();

  beforeAll(async () => {
    upstream = await startUpstream();
    node = await startNode();
    session = await becomeOwner(node);
    await call(node, 'POST /api/models', {
      body: {
        provider: 'vllm',
        model: 'obeys',
        name: 'obeys',
        baseUrl: `${upstream.url}/v1`,
        capabilities: ['chat', 'generate'],
        price: {
          currency: 'USD',
          inputMicrosPerMillion: 1_000_000,
          outputMicrosPerMillion: 2_000_000,
          source: 'test',
          date: '2026-01-01',
        },
      },
    });
    if (!browser) return;
    talk = await visit(browser, node, { session });
    await talk.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await talk.page.goto(node.url);
  });
  afterAll(async () => {
    await browser?.close();
    await node?.stop();
    await upstream?.close();
  });

  test('an answer appears word by word, and a reload in the middle loses nothing and doubles nothing', async () => {
    const { page } = talk;
    await ask('Please count.');
    await lastAnswer().getByText('w5 ').waitFor();
    expect(await lastAnswer().textContent(), 'the end is not written yet').not.toContain(countedWords.at(-1));
    await page.reload();
    await lastAnswer().getByText('w12 ').waitFor();
    expect(await lastAnswer().getAttribute('aria-busy'), 'the stream goes on after the reload').toBe('true');
    await whole();
    expect((await lastAnswer().locator('.answer').textContent())?.trim()).toBe(counted);
    expect(upstream.calls.filter(({ body }) => JSON.stringify(body).includes('Please count.'))).toHaveLength(1);
    await page.reload();
    await whole();
    expect((await lastAnswer().locator('.answer').textContent())?.trim(), 'and what is kept is the same').toBe(counted);
  });

  test.each(['Esc', 'Stop'])('%s stops the answer and the server behind it; what came stays', async (way) => {
    const { page } = talk;
    await ask(`Go on forever (${way}).`);
    await lastAnswer().getByText('tick tick tick').waitFor();
    const upstreamCall = upstream.calls.at(-1);
    if (way === 'Esc') await page.keyboard.press('Escape');
    else await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await lastAnswer().getByText('Stopped.', { exact: true }).waitFor();
    expect(await lastAnswer().locator('.answer').textContent()).toContain('tick tick');
    await expect.poll(() => upstreamCall?.abortedAt).not.toBeNull();
    expect(upstreamCall?.finished).toBe(false);
  });

  test('markdown is set as headings, tables, code and formulas', async () => {
    await ask('Show me markdown.');
    await whole();
    const answer = lastAnswer();
    await answer.getByRole('heading', { name: 'Three ways to pay' }).waitFor();
    expect(await answer.getByRole('row').count()).toBe(3);
    await answer.getByRole('listitem').filter({ hasText: 'Card is instant' }).waitFor();
    await answer.locator('.katex').first().waitFor();
    expect(await answer.locator('pre').textContent()).toContain('const fee = (price: number) => price * 0.012;');
  });

  test('copying takes the text of the answer as it was written', async () => {
    const { page } = talk;
    await lastAnswer().getByRole('button', { name: 'Copy', exact: true }).last().click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('| Card | 1.2 % |');
    expect(copied).toContain('## Three ways to pay');
  });

  test('answering again makes a sibling; both versions can be read', async () => {
    const { page } = talk;
    await page
      .getByRole('link', { name: /New conversation/ })
      .first()
      .click();
    await ask('Say red.');
    await whole();
    await lastAnswer().getByRole('button', { name: 'Answer again' }).click();
    await page.getByText('2 / 2').waitFor();
    await whole();
    expect(await answers().count()).toBe(1);
    await page.getByRole('button', { name: 'Older version' }).click();
    await page.getByText('1 / 2').waitFor();
    expect(await lastAnswer().textContent()).toContain('You said: Say red.');
  });

  test('editing a question begins a branch; the old question and its answer stay one step away', async () => {
    const { page } = talk;
    await page.getByText('Say red.', { exact: true }).first().hover();
    await page.getByRole('button', { name: 'Edit message' }).first().click();
    const editor = page.getByRole('textbox', { name: 'Edit message' });
    await editor.fill('Say blue.');
    await editor.press('Enter');
    await lastAnswer().getByText('You said: Say blue.').waitFor();
    await whole();
    expect(await answers().getByText('You said: Say red.').count()).toBe(0);
    await page.getByText('Say blue.', { exact: true }).first().hover();
    await page.getByRole('button', { name: 'Older version' }).first().click();
    await answers().getByText('You said: Say red.').waitFor();
    await page.getByRole('button', { name: 'Newer version' }).first().click();
    await answers().getByText('You said: Say blue.').waitFor();
    await page.reload();
    await answers().getByText('You said: Say blue.').waitFor();
  });

  test('conversations are searched and renamed; a deleted one comes back by Undo, and is gone without it', async () => {
    const { page } = talk;
    const search = page.getByRole('searchbox', { name: 'Search conversations' });
    await search.fill('count');
    await expect.poll(() => page.getByRole('link', { name: /^Say/ }).count()).toBe(0);
    await page.getByRole('link', { name: /count/ }).waitFor();
    await search.fill('');
    const menuOf = async (title: string) => {
      await page.getByRole('link', { name: title, exact: true }).hover();
      await page.getByRole('button', { name: `More about ${title}` }).click();
    };
    await menuOf('Please count.');
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name of the conversation' }).fill('Counting words');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Counting words', exact: true }).waitFor();

    await menuOf('Counting words');
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('Conversation deleted').waitFor();
    expect(await page.getByRole('link', { name: 'Counting words' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Counting words', exact: true }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Counting words', exact: true }).waitFor();

    await menuOf('Counting words');
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('Conversation deleted').waitFor();
    // Leaving the page makes it final; the request outlives the page.
    await page.reload();
    await page.getByRole('searchbox', { name: 'Search conversations' }).waitFor();
    await expect.poll(async () => JSON.stringify((await conversations()).body)).not.toContain('Counting words');
  });

  const conversations = () => call(node, 'GET /api/conversations', { key: null, headers: { cookie: session.cookie } });

  test('what is typed and not sent stays when the language, the theme and the page change', async () => {
    const { page } = talk;
    await box().fill('half a thought');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('中文');
    await page.keyboard.press('Enter');
    const zhBox = page.getByRole('textbox', { name: '提问，或拖入文件' });
    await zhBox.waitFor();
    expect(await zhBox.inputValue()).toBe('half a thought');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await page.getByRole('navigation').getByRole('link', { name: '运行', exact: true }).click();
    await page.waitForURL(/\/runs$/);
    await page.goBack();
    await zhBox.waitFor();
    expect(await zhBox.inputValue()).toBe('half a thought');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('English');
    await page.keyboard.press('Enter');
    await box().waitFor();
    expect(await box().inputValue()).toBe('half a thought');
  });

  test('all the while nothing broke, and nobody but the node was called', () => {
    expect(talk.faults).toEqual([]);
    expect(talk.foreign).toEqual([]);
  });
});
