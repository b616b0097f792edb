/** Wenku in a real browser: a deck of ten slides made, edited, shown, exported and opened again; a document; a reading. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { WenkuDeck, WenkuDetail, WenkuDocument } from '@myriad/contracts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { openBrowserOrSay, type Visit, visit } from './support/open-console.ts';
import { becomeOwner, browserHeaders, call, type Session } from './support/operator.ts';
import { emptyFolder, type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream } from './support/upstream.ts';

const browser = await openBrowserOrSay();
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.WENKU_PICTURES;

async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

describe.skipIf(!browser)('Wenku', () => {
  let node: RunningNode;
  let upstream: Upstream;
  let session: Session;
  let console_: Visit;
  let page: Page;
  let deck = '';
  const api = async <T>(route: string) =>
    (await call<T>(node, route, { key: null, headers: browserHeaders(node, session) })).body;
  const deckNow = async () => (await api<WenkuDetail>(`GET /api/wenku/${deck}`)).content as WenkuDeck;
  const saved = () => page.getByText('Saved', { exact: true }).waitFor();

  beforeAll(async () => {
    upstream = await startUpstream();
    node = await startNode();
    session = await becomeOwner(node);
    if (!browser) return;
    console_ = await visit(browser, node, { session });
    page = console_.page;
  });
  afterAll(async () => {
    await browser?.close();
    await node?.stop();
    await upstream?.close();
  });

  test('a deck of ten slides from a template: edited in place, turned, reordered, and saved by itself', async () => {
    await page.goto(`${node.url}/wenku`);
    await page.getByRole('button', { name: /Quarterly report/ }).click();
    await page.waitForURL(/\/wenku\/wen_/);
    deck = page.url().split('/').at(-1) ?? '';
    const slides = page.getByRole('navigation', { name: 'Slides' }).getByRole('button');
    await vi.waitUntil(async () => (await slides.count()) === 10, { timeout: 20_000 });
    await page.getByRole('button', { name: /^Title: Quarterly report/ }).click();
    await page.getByRole('textbox', { name: 'Title', exact: true }).nth(1).fill('Our third quarter 第三季度');
    await page.keyboard.press('Escape');
    await slides.nth(1).click();
    await page.getByRole('button', { name: /^Point 1:/ }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('A new point 新的要点');
    await page.getByRole('textbox', { name: 'Speaker notes' }).fill('Say this first.');
    await page.getByRole('button', { name: 'Move down' }).click();
    await page.getByLabel('Theme').selectOption('pine');
    await saved();
    const now = await deckNow();
    expect(now.theme).toBe('pine');
    expect(now.slides[0]?.title).toBe('Our third quarter 第三季度');
    expect(now.slides[2]).toMatchObject({ title: 'We met two of three goals', notes: 'Say this first.' });
    expect(now.slides[2]?.bullets[1]?.text).toBe('A new point 新的要点');
  });

  test('a slide is added as a chart from a table, duplicated and taken away', async () => {
    const slides = page.getByRole('navigation', { name: 'Slides' }).getByRole('button');
    await slides.nth(8).click();
    await page.getByRole('button', { name: '+ Add a slide' }).click();
    await page.getByRole('button', { name: 'Title', exact: true }).click();
    await page.keyboard.type('Two years');
    await page.keyboard.press('Escape');
    await page.getByLabel('Layout', { exact: true }).selectOption('chart');
    await page.getByLabel('Row 2, column 2').fill('42');
    await page.getByRole('button', { name: 'Duplicate' }).click();
    expect(await slides.count()).toBe(12);
    await page.getByRole('button', { name: 'Delete the slide' }).click();
    await saved();
    const now = await deckNow();
    expect(now.slides).toHaveLength(11);
    expect(now.slides[9]).toMatchObject({
      layout: 'chart',
      rows: [
        ['', '2025', '2026'],
        ['A', '42', '14'],
        ['B', '8', '12'],
      ],
    });
  });

  test('it is shown on the whole screen, turned by keys, with notes', async () => {
    await page.getByRole('navigation', { name: 'Slides' }).getByRole('button').nth(1).click();
    await page.getByRole('button', { name: 'Present' }).click();
    const show = page.getByRole('dialog', { name: 'Presentation' });
    await show.getByText('2 of 11').waitFor();
    await page.keyboard.press('ArrowRight');
    await show.getByText('3 of 11').waitFor();
    await page.keyboard.press('n');
    await show.getByText('Say this first.').waitFor();
    if (pictures) await page.screenshot({ path: `${pictures}/show.png` });
    await page.keyboard.press('End');
    await show.getByText('11 of 11').waitFor();
    await page.keyboard.press('Escape');
    await show.waitFor({ state: 'detached' });
  });

  test('it leaves as PowerPoint and Word, and the Word file opens again as the same deck', async () => {
    const take = async (format: string) => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: 60_000 }),
        page.getByRole('menuitem', { name: new RegExp(format) }).click(),
      ]);
      return download.path();
    };
    const pptx = readFileSync(await take('PowerPoint'));
    expect(pptx.subarray(0, 2).toString()).toBe('PK');
    const docx = await take('Word');
    const file = `${emptyFolder('wenku')}/again.docx`;
    writeFileSync(file, readFileSync(docx));
    const before = await deckNow();
    await page.goto(`${node.url}/wenku`);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('menuitem', { name: 'Open a file as a deck' }).click(),
    ]);
    await chooser.setFiles(file);
    await page.waitForURL(/\/wenku\/wen_/, { timeout: 60_000 });
    const again = (await api<WenkuDetail>(`GET /api/wenku/${page.url().split('/').at(-1)}`)).content as WenkuDeck;
    expect(again.slides.map(({ title }) => title)).toEqual(before.slides.map(({ title }) => title));
    expect(again.slides.map(({ layout }) => layout)).toEqual(before.slides.map(({ layout }) => layout));
    expect(again.slides[2]?.notes).toBe('Say this first.');
  });

  test('a document: headings by slash, bold, a table; without a model the writing says so and the outline works', async () => {
    await page.goto(`${node.url}/wenku`);
    await page.getByRole('button', { name: 'New document' }).click();
    await page.waitForURL(/\/wenku\/wen_/);
    const text = page.getByRole('textbox', { name: 'Text', exact: true });
    await text.click();
    await page.keyboard.type('/heading 1'.slice(0, 4));
    await page.getByRole('option', { name: 'Heading 1' }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('退货政策');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Goods may be returned within a long time.');
    await page.keyboard.press('Enter');
    await page.keyboard.type('/table');
    await page.keyboard.press('Enter');
    await page.keyboard.type('项目');
    await saved();
    const id = page.url().split('/').at(-1) ?? '';
    const { content } = await api<WenkuDetail>(`GET /api/wenku/${id}`);
    expect(content.type === 'doc' && content.content.map(({ type }) => type).slice(0, 3)).toEqual([
      'heading',
      'paragraph',
      'table',
    ]);
    await page.reload();
    await page.getByRole('heading', { name: '退货政策' }).waitFor();
    await page.getByRole('button', { name: 'Write with a model' }).click();
    const dialog = page.getByRole('dialog', { name: 'Write with a model' });
    await dialog.getByText(/No generating model is attached/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Write the draft' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: 'Outline' }).fill('First part\n- one\n\nSecond part\n- two');
    await dialog.getByRole('button', { name: 'Use the outline as it is' }).click();
    await page.getByRole('heading', { name: 'Second part' }).waitFor();
  });

  test('with a generating model: an outline, a draft that survives a reload, and a rewrite that is accepted', async () => {
    await attachModels(node, upstream, ['writes']);
    await page.goto(`${node.url}/wenku`);
    await page.getByRole('button', { name: 'New document' }).click();
    await page.waitForURL(/\/wenku\/wen_/);
    await page.getByRole('button', { name: 'Write with a model' }).click();
    const dialog = page.getByRole('dialog', { name: 'Write with a model' });
    await dialog.getByRole('textbox', { name: /^Topic/ }).fill('Returns, slowly');
    await dialog.getByRole('button', { name: 'Make an outline' }).click();
    const outline = dialog.getByRole('textbox', { name: 'Outline' });
    await vi.waitUntil(async () => (await outline.inputValue()).includes('What it brings\n- saving'), {
      timeout: 30_000,
    });
    await dialog.getByRole('button', { name: 'Write the draft' }).click();
    await page.getByText(/^Being written:/).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'What it brings' }).waitFor({ timeout: 60_000 });
    await page.getByText(/^Being written:/).waitFor({ state: 'detached', timeout: 60_000 });
    const paragraph = page.getByText('Goods may be returned within thirty days of delivery').first();
    await paragraph.click({ clickCount: 3 });
    await page.keyboard.type('A long sentence.');
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.getByRole('button', { name: 'Rewrite', exact: true }).click();
    const rewrite = page.getByRole('dialog');
    await rewrite.getByRole('button', { name: 'Make it shorter' }).click();
    await rewrite.getByRole('button', { name: 'Accept' }).click();
    await page.getByText('A short sentence.').waitFor();
  });

  test('a file is read: summary, a question answered, and its citation opened in place', async () => {
    await page.goto(`${node.url}/wenku`);
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a file to read' }).click(),
    ]);
    const file = `${emptyFolder('wenku')}/policy.txt`;
    writeFileSync(
      file,
      'Refund policy\n\nGoods in their box may be returned within thirty days of delivery. A refund of 1,250 USD is paid within 14 days of the return.\n\nThe stores answer refund questions every day. Goods without a box are not taken back.\n',
    );
    await chooser.setFiles(file);
    await page.waitForURL(/\/wenku\/read\//);
    await page.getByRole('tab', { name: 'Ask' }).click();
    await page.getByLabel('Ask this document').fill('Within how many days may goods be returned?');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('.cite').first().click();
    expect(await page.locator('mark').first().textContent()).toContain('thirty days');
    await page.getByRole('tab', { name: 'Figures' }).click();
    await page.getByText('1,250 USD', { exact: true }).waitFor();
  });

  test('in both languages, themes and widths: no serious fault for axe, nothing overflows, nothing breaks', async () => {
    if (!browser) return;
    const reading = page.url();
    const documents = await api<{ items: WenkuDocument[] }>('GET /api/wenku');
    const paths = {
      library: '/wenku',
      deck: `/wenku/${deck}`,
      document: `/wenku/${documents.items.find(({ kind }) => kind === 'doc')?.id}`,
      compare: `/wenku/compare/${documents.items[0]?.id}/${documents.items[1]?.id}`,
      reading: new URL(reading).pathname,
    };
    for (const locale of ['en-US', 'zh-CN'] as const) {
      const own = await visit(browser, node, { session, locale });
      for (const [name, path] of Object.entries(paths)) {
        await own.page.goto(node.url + path);
        await own.page.locator('h1').first().waitFor({ state: 'attached' });
        await own.page.locator('.after-wait').first().waitFor({ state: 'detached' });
        for (const colorScheme of ['light', 'dark'] as const) {
          await own.page.emulateMedia({ colorScheme });
          for (const width of [1440, 390]) {
            await own.page.setViewportSize({ width, height: 900 });
            await own.page.waitForTimeout(150);
            if (pictures)
              await own.page.screenshot({ path: `${pictures}/${name}-${locale}-${colorScheme}-${width}.png` });
            expect([
              name,
              locale,
              width,
              await own.page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
            ]).toEqual([name, locale, width, 0]);
            if (width === 1440 || name !== 'document')
              expect([name, colorScheme, width, await axe(own.page)]).toEqual([name, colorScheme, width, []]);
          }
        }
      }
      expect(own.faults).toEqual([]);
      expect(own.foreign).toEqual([]);
      await own.context.close();
    }
    expect(console_.faults).toEqual([]);
  }, 240_000);
});
