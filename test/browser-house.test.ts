/** Keeping house in a real browser: models and keys, knowledge, an app from manifest to rollback, people, the palette. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowserOrSay, type Visit, visit } from './support/open-console.ts';
import { becomeOwner, call, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream } from './support/upstream.ts';

const browser = await openBrowserOrSay();
const secret = 'sk-never-shown-again';

const manifest = (more: string) => `kind: App
name: refund-desk
title: {en: Refund desk, zh: 退款台}
description: {en: Answers about refunds., zh: 解答退款问题。}
${more}model: {capabilities: [generate]}
knowledge: [library:policies]
access: {use: [group:support]}
expose: [chat, api]
`;

describe.skipIf(!browser)('keeping house', () => {
  let node: RunningNode;
  let upstream: Upstream;
  let session: Session;
  let house: Visit;
  let inviteLink = '';
  const rail = (name: string) => house.page.getByRole('navigation').getByRole('link', { name, exact: true });
  const heading = (name: string | RegExp) => house.page.getByRole('heading', { level: 1, name });

  beforeAll(async () => {
    upstream = await startUpstream();
    node = await startNode();
    session = await becomeOwner(node);
    if (!browser) return;
    house = await visit(browser, node, { session });
    await house.page.goto(node.url);
  });
  afterAll(async () => {
    await browser?.close();
    await node?.stop();
    await upstream?.close();
  });

  test('a model is attached with a key and tested at once; the key is never shown again', async () => {
    const { page } = house;
    await rail('Models').click();
    await heading('Answers are quotes only: no model that writes is attached.').waitFor();
    await page.getByRole('button', { name: 'Attach a model' }).click();
    const dialog = page.getByRole('dialog', { name: 'Attach a model' });
    await dialog.getByLabel('Provider').selectOption({ label: 'Other OpenAI-compatible server' });
    await dialog.getByLabel('Model name').fill('obeys');
    await dialog.getByLabel('Key', { exact: true }).fill(secret);
    await dialog.getByLabel('Address').fill(`${upstream.url}/v1`);
    await dialog.getByLabel('Input per million').fill('1');
    await dialog.getByLabel('Output per million').fill('2.5');
    await dialog.getByRole('button', { name: 'Attach and test' }).click();
    await dialog.getByRole('status').waitFor();
    expect(upstream.calls.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await heading('One model writes answers here.').waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'obeys' });
    expect(await row.textContent()).toMatch(/key set.*\$1\.00 \/ \$2\.50/s);
    await row.getByRole('button', { name: 'More about' }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    expect(await page.getByRole('dialog').getByLabel('Key', { exact: true }).inputValue()).toBe('');
    expect(await page.content()).not.toContain(secret);
    await page.keyboard.press('Escape');
  });

  test('testing a model says in words what failed', async () => {
    const { page } = house;
    await call(node, 'POST /api/models', {
      body: { provider: 'vllm', model: 'wrong-key', name: 'locked', baseUrl: `${upstream.url}/v1`, key: secret },
    });
    await page.reload();
    const row = page.getByRole('listitem').filter({ hasText: 'locked' });
    await row.getByRole('button', { name: 'Test', exact: true }).click();
    const said = row.getByRole('status');
    await said.waitFor();
    expect(await said.textContent()).toMatch(/key/i);
    expect(await said.textContent()).not.toContain(secret);
    await row.getByRole('button', { name: 'More about' }).click();
    await page.getByRole('menuitem', { name: 'Turn off' }).click();
    await row.getByText('Off', { exact: true }).waitFor();
  });

  test('a collection takes files; one that cannot be read says why; the others are found by their words', async () => {
    const { page } = house;
    await rail('Knowledge').click();
    await page.getByRole('button', { name: 'New collection' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New collection' });
    await dialog.getByLabel('Name').fill('policies');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await heading(/policies holds/).waitFor();
    await page.setInputFiles('input[type=file]', [
      {
        name: 'returns.md',
        mimeType: 'text/markdown',
        buffer: Buffer.from('# Returns\n\nA faulty kettle is replaced within nine days.\n'),
      },
      { name: '退货.txt', mimeType: 'text/plain', buffer: Buffer.from('生鲜食品签收后二十四小时内可以退货。') },
      { name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\nthis is no PDF at all') },
    ]);
    const failed = page.getByRole('row').filter({ hasText: 'broken.pdf' });
    await failed.getByText('Failed').waitFor();
    expect((await failed.locator('.text-bad').first().textContent())?.length).toBeGreaterThan(20);
    for (const name of ['returns.md', '退货.txt']) {
      await page.getByRole('row').filter({ hasText: name }).getByText('Ready').waitFor();
    }
    await page.getByText('One could not be read; the reason stands beside it.').waitFor();
    const search = page.getByRole('searchbox', { name: 'Search the passages of this collection' });
    await search.fill('faulty kettle');
    await page.locator('mark').filter({ hasText: 'A faulty kettle is replaced' }).waitFor();
    await search.fill('生鲜食品退货');
    await page.locator('mark').filter({ hasText: '生鲜食品' }).waitFor();
  });

  test('an error in a manifest is marked in its line and told in words, and cannot be saved', async () => {
    const { page } = house;
    await rail('Apps').click();
    await page.getByRole('link', { name: 'New app' }).first().click();
    const editor = page.getByRole('textbox', { name: 'Manifest' });
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(manifest('instructons: Answer shortly.\n'));
    await page.getByText('Did you mean instructions?').waitFor();
    await page.getByText('line 5, column 1').waitFor();
    await page.locator('.cm-lint-marker-error').first().waitFor();
    expect(await page.getByRole('button', { name: 'Save as a draft' }).isDisabled()).toBe(true);
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(manifest('instructions: Answer shortly.\n'));
    await page.getByText('The manifest is valid.').waitFor();
    expect(await page.locator('.cm-lint-marker-error').count()).toBe(0);
    await page.getByRole('button', { name: 'Save as a draft' }).click();
    await heading('Refund desk has never been published.').waitFor();
  });

  test('publishing makes it serve, a second version too, and going back is one step', async () => {
    const { page } = house;
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await heading('Refund desk serves version 1.').waitFor();
    await page.getByRole('tab', { name: 'Try it' }).click();
    const box = page.getByRole('textbox', { name: 'Ask Refund desk, or drop a file' });
    await box.fill('Hello desk');
    await box.press('Enter');
    await page.getByRole('article', { name: 'Answer' }).getByText('You said: Hello desk').waitFor();
    const system = JSON.stringify(upstream.calls.at(-1)?.body.messages);
    expect(system).toContain('Answer shortly.');

    await page.getByRole('tab', { name: 'Manifest' }).click();
    await page.getByRole('textbox', { name: 'Manifest' }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(manifest('instructions: Answer at great length.\n'));
    await page.getByText('The manifest is valid.').waitFor();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await heading('Refund desk serves version 2.').waitFor();
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page
      .getByRole('region', { name: 'From version 1 to version 2' })
      .getByText('Answer at great length.')
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Go back to this' }).click();
    await heading('Refund desk serves version 1.').waitFor();

    await page.getByRole('tab', { name: 'Use from code' }).click();
    await page.getByText('app:refund-desk').first().waitFor();
    await page.getByRole('tab', { name: 'Access and budget' }).click();
    await page.getByText('support', { exact: true }).first().waitFor();
  });

  test('the catalogue finds an app by its purpose, in Chinese too', async () => {
    const { page } = house;
    await rail('Apps').click();
    const search = page.getByRole('searchbox', { name: 'Search by name or purpose' });
    await search.fill('退款');
    await page.getByRole('link', { name: 'Refund desk', exact: true }).waitFor();
    await search.fill('no such app anywhere');
    await page.getByText('No app fits this search.').waitFor();
  });

  test('an invite link makes a member, who sees the apps that are theirs and nothing else', async () => {
    if (!browser) return;
    const { page } = house;
    await rail('People').click();
    await page.getByRole('tab', { name: 'Groups' }).click();
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('support');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('support').first().waitFor();
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Groups').fill('support');
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    inviteLink = String(await page.getByRole('dialog').getByText('/invite#').first().textContent()).trim();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await call(node, 'POST /api/apps', {
      body: {
        source:
          'kind: App\nname: back-office\ndescription: For builders.\ninstructions: Help.\naccess: {use: [group:builders]}\nexpose: [chat]\n',
      },
    });
    await call(node, 'POST /api/apps/back-office/publish', { body: {} });

    const member = await visit(browser, node);
    await member.page.goto(/https?:\S+/.exec(inviteLink)?.[0] ?? '');
    await member.page.getByLabel('Your name').fill('Mei');
    await member.page.getByLabel('Email').fill('mei@example.org');
    await member.page.getByLabel('Password').fill('a long enough password');
    await member.page.getByRole('button', { name: 'Join' }).click();
    await member.page.getByRole('textbox', { name: 'Ask, or drop a file' }).waitFor();
    const entries = member.page.getByRole('navigation').getByRole('link');
    expect((await entries.allTextContents()).filter((text) => !/Myriad/.test(text))).toEqual([
      'Assistant',
      'Apps',
      'Search',
      'Wenku',
      'Drive',
      'Quantum Lab',
    ]);
    await entries.filter({ hasText: 'Apps' }).click();
    await member.page.getByRole('link', { name: 'Refund desk', exact: true }).waitFor();
    expect(await member.page.getByRole('link', { name: 'back-office' }).count()).toBe(0);
    await member.page.getByRole('link', { name: 'Chat: Refund desk' }).click();
    await member.page.getByRole('textbox', { name: 'Ask Refund desk, or drop a file' }).waitFor();
    for (const path of ['/runs', '/models', '/people', '/knowledge', '/spend', '/apps/new']) {
      await member.page.goto(node.url + path);
      await member.page.getByRole('heading', { name: 'This page is not yours to open.' }).waitFor();
    }
    expect(member.foreign).toEqual([]);
    await member.context.close();
  });

  test('people, runs, spend and settings show what happened', async () => {
    const { page } = house;
    await page.goto(`${node.url}/people`);
    await page.getByRole('row').filter({ hasText: 'mei@example.org' }).getByText('Member').waitFor();
    await rail('Runs').click();
    await page.getByRole('listitem').filter({ hasText: 'refund-desk' }).first().waitFor();
    await rail('Spend').click();
    await page.getByText('refund-desk').first().waitFor();
    await rail('Settings').click();
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page.getByText('app.rollback').first().waitFor();
  });

  test('a list is exported as a file that holds what is on the page', async () => {
    const { page } = house;
    await rail('Runs').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toContain('refund-desk');
  });

  test('the palette goes to pages, apps, people and knowledge by keyboard alone', async () => {
    const { page } = house;
    const go = async (words: string, address: RegExp) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Go to anything' }).fill(words);
      const first = page.getByRole('listbox').getByRole('option').first();
      await first.waitFor();
      await expect.poll(() => first.textContent()).toMatch(new RegExp(words, 'i'));
      await page.keyboard.press('Enter');
      await page.waitForURL(address);
    };
    await go('spend', /\/spend$/);
    await go('refund', /\/app\/refund-desk/);
    await go('policies', /\/knowledge\/./);
    await go('mei', /\/people\?search=mei/);
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('combobox', { name: 'Go to anything' }).count()).toBe(0);
  });

  test('all the while nothing broke, and nobody but the node was called', () => {
    expect(house.faults).toEqual([]);
    expect(house.foreign).toEqual([]);
  });
});
