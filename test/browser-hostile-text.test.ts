/** What a hostile model says and a hostile file holds is text in the browser: it runs nothing and calls nobody. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FurnishedHouse, furnishHouse } from './support/furnish-house.ts';
import { openBrowserOrSay, type Visit, visit } from './support/open-console.ts';
import { becomeOwner, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream } from './support/upstream.ts';

const browser = await openBrowserOrSay();

const attacked = (page: Page) => page.evaluate(() => (globalThis as { attacked?: number }).attacked ?? null);

describe.skipIf(!browser)('hostile text', () => {
  let node: RunningNode;
  let upstream: Upstream;
  let session: Session;
  let house: FurnishedHouse;
  let reader: Visit;

  beforeAll(async () => {
    upstream = await startUpstream();
    node = await startNode();
    session = await becomeOwner(node);
    house = await furnishHouse(node, session, upstream.url);
    if (browser) reader = await visit(browser, node, { session });
  });
  afterAll(async () => {
    await browser?.close();
    await node?.stop();
    await upstream?.close();
  });

  test('the check itself works: in a page without our care the same answer does run', async () => {
    if (!browser) return;
    const page = await browser.newPage();
    await page.setContent('<img src="x" onerror="globalThis.attacked = 2">');
    await expect.poll(() => attacked(page)).toBe(2);
    await page.close();
  });

  test('an answer full of scripts, frames and images is shown as text, while it streams and after', async () => {
    const { page } = reader;
    await page.goto(node.url);
    const box = page.getByRole('textbox', { name: 'Ask, or drop a file' });
    await box.fill('Please attack me.');
    await box.press('Enter');
    const answer = page.getByRole('article', { name: 'Answer' });
    await answer.getByText('After.').waitFor();
    expect(await answer.textContent()).toContain('<script>');
    for (const round of ['as it streamed', 'as it is kept']) {
      expect(await answer.locator('script, iframe, style, object, embed, svg[onload]').count(), round).toBe(0);
      const addresses = await answer
        .locator('[href], [src]')
        .evaluateAll((elements) =>
          elements.map((element) => String(element.getAttribute('href') ?? element.getAttribute('src'))),
        );
      expect(
        addresses.filter((address) => /^(javascript|data|vbscript):/i.test(address.trim())),
        round,
      ).toEqual([]);
      const handlers = await answer
        .locator('*')
        .evaluateAll((elements) =>
          elements
            .flatMap(({ attributes }) => [...attributes].map(({ name }) => name))
            .filter((name) => name.startsWith('on')),
        );
      expect(handlers, round).toEqual([]);
      await answer.getByText('run me').click();
      await answer.getByText('open me').click();
      expect(reader.context.pages(), 'no link opened anything').toHaveLength(1);
      expect(await attacked(page), round).toBeNull();
      await page.reload();
      await answer.getByText('After.').waitFor();
    }
  });

  test('an uploaded HTML page is quoted as text and shown in its place as text', async () => {
    const { page } = reader;
    await page.goto(`${node.url}/chat/${house.conversations.hostile}`);
    await page.getByRole('button', { name: 'Open source 1' }).first().click();
    const panel = page.getByRole('complementary', { name: 'Sources' });
    await panel.locator('mark').waitFor();
    expect(await panel.textContent()).toContain('Parcels leave the lantern warehouse');
    expect(await panel.locator('script, iframe, img, style').count()).toBe(0);
    expect(await attacked(page)).toBeNull();
  });

  test('the original of an uploaded HTML page cannot act on the node, even when it is opened', async () => {
    const { page } = reader;
    const address = await page.getByRole('link', { name: 'Open the original' }).getAttribute('href');
    const opened = await reader.context.newPage();
    const download = opened.waitForEvent('download').catch(() => null);
    await opened.goto(new URL(String(address), node.url).href).catch(() => null);
    await Promise.race([download, opened.waitForTimeout(300)]);
    expect(await attacked(opened)).toBeNull();
    await opened.close();
    const answer = await page.request.get(new URL(String(address), node.url).href);
    expect(answer.headers()['content-security-policy']).toContain('sandbox');
    expect(answer.headers()['x-content-type-options']).toBe('nosniff');
  });

  test('names that are markup are shown as they are: of files, conversations and apps', async () => {
    const { page } = reader;
    const name = '<img src=x onerror="globalThis.attacked=13">.txt';
    await page.goto(node.url);
    await page.setInputFiles('input[type=file]', [
      { name, mimeType: 'text/plain', buffer: Buffer.from('Plain words.') },
    ]);
    await page.getByText(name).first().waitFor();
    const box = page.getByRole('textbox', { name: 'Ask, or drop a file' });
    await box.fill('<svg onload="globalThis.attacked=14">');
    await box.press('Enter');
    await page.getByRole('article', { name: 'Answer' }).getByText('You said').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to anything' }).fill('<svg');
    await page.getByRole('listbox').getByRole('option').filter({ hasText: '<svg onload' }).first().waitFor();
    expect(await attacked(page)).toBeNull();
  });

  test('all the while the browser called nobody but the node, and the policy had nothing to stop', () => {
    expect(reader.foreign).toEqual([]);
    expect(reader.faults).toEqual([]);
  });
});
