/** The drive in a real browser: dropped, found, previewed, asked, shared, thrown away and taken back. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriveDetail, DriveFolderAnswer } from '@myriad/contracts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DriveUser, driveUser } from './support/drive.ts';
import { makePdf } from './support/make-pdf.ts';
import { dropFiles, openBrowserOrSay, visit } from './support/open-console.ts';
import { becomeOwner, type Session } from './support/operator.ts';
import { emptyFolder, type RunningNode, startNode } from './support/start-node.ts';

const browser = await openBrowserOrSay();

const policy = makePdf([
  ['Goods in their box may be returned within thirty days of delivery.', 'The receipt is enough as proof.'],
  ['Opened food is never taken back.'],
]);

describe.skipIf(!browser)('the drive', () => {
  let node: RunningNode;
  let session: Session;
  let ann: DriveUser;
  let root: string;

  beforeAll(async () => {
    node = await startNode();
    session = await becomeOwner(node);
    ann = driveUser(node, session);
    root = await ann.root();
  });
  afterAll(async () => {
    await browser?.close();
    await node?.stop();
  });

  const open = async (path = '/drive') => {
    if (!browser) throw new Error('no browser');
    const seen = await visit(browser, node, { session });
    seen.page.setDefaultTimeout(30_000);
    await seen.page.goto(node.url + path);
    await seen.page.getByRole('heading', { level: 1 }).waitFor();
    return seen;
  };
  const file = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) });
  const toolbar = (page: Page, name: string) => page.getByRole('toolbar').getByRole('button', { name, exact: true });

  test('files are dropped in, read, previewed, found by their words and asked, with the source in its place', async () => {
    const { page, context, faults, foreign } = await open();
    await page.getByText('Nothing here yet').waitFor();
    await dropFiles(page, [
      { name: 'refund-policy.pdf', type: 'application/pdf', bytes: policy },
      { name: '年度计划.md', type: 'text/markdown', bytes: Buffer.from('# 年度计划\n\n灯笼工坊预算四百二十万元。') },
    ]);
    await file(page, 'refund-policy.pdf').waitFor();
    await file(page, '年度计划.md').waitFor();
    const { body } = await ann.api<DriveFolderAnswer>(`GET /api/drive/folders/${root}`);
    for (const { id } of body.items) await ann.indexed(id);
    await file(page, 'refund-policy.pdf').dblclick();
    const preview = page.getByRole('dialog');
    await preview.getByRole('img', { name: 'Page 1 of 2' }).waitFor();
    // The canvas has ink on it: the page was drawn, not only framed.
    await expect
      .poll(
        () =>
          preview.getByRole('img', { name: 'Page 1 of 2' }).evaluate((canvas: HTMLCanvasElement) =>
            canvas
              .getContext('2d')
              ?.getImageData(0, 0, canvas.width, canvas.height)
              .data.some((value, at) => at % 4 === 0 && value < 100),
          ),
        { timeout: 30_000 },
      )
      .toBe(true);
    await page.keyboard.press('ArrowRight');
    await preview.getByRole('heading', { name: '年度计划' }).last().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox', { name: 'Find by name' }).fill('opened food');
    await page.getByRole('button', { name: /Opened food is never taken back/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Find by name' }).fill('');
    await file(page, 'refund-policy.pdf').click();
    await toolbar(page, 'Ask this file').click();
    const box = page.getByRole('textbox', { name: /Ask Drive/ });
    await box.fill('When may goods be returned?');
    await box.press('Enter');
    await page.getByRole('button', { name: 'Open source 1' }).first().click();
    await page.locator('mark').first().waitFor();
    expect(await page.locator('mark').first().textContent()).toContain('thirty days');
    expect(faults).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  });

  test('by keyboard: choose, rename in place, throw away, take back, open a folder and go up', async () => {
    const home = (await ann.api<{ id: string }>('POST /api/drive/folders', { parentId: root, name: 'Keys' })).body.id;
    await ann.api('POST /api/drive/folders', { parentId: home, name: 'Deep' });
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await ann.put(home, name, name);
    const { page, context, faults } = await open(`/drive/${home}`);
    await file(page, 'a.txt').waitFor();
    await page.getByRole('listbox', { name: 'Files and folders' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing here yet').waitFor();
    await page.goBack();
    await file(page, 'a.txt').waitFor();
    await page.getByRole('listbox', { name: 'Files and folders' }).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('F2');
    await page.keyboard.type('renamed');
    await page.keyboard.press('Enter');
    await file(page, 'renamed.txt').waitFor();
    await page.getByRole('listbox', { name: 'Files and folders' }).focus();
    await page.keyboard.press('Control+a');
    await page.getByText('4 selected').waitFor();
    await page.keyboard.press('Delete');
    await page.getByText('Nothing here yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await file(page, 'renamed.txt').waitFor();
    expect([...(await ann.names(home))].sort()).toEqual(['Deep', 'a.txt', 'b.txt', 'renamed.txt']);
    await file(page, 'a.txt').click();
    await file(page, 'renamed.txt').click({ modifiers: ['Shift'] });
    await page.getByText('3 selected').waitFor();
    await file(page, 'b.txt').click({ modifiers: ['Control'] });
    await page.getByText('2 selected').waitFor();
    await file(page, 'a.txt').dragTo(file(page, 'Deep'));
    await file(page, 'a.txt').waitFor({ state: 'detached' });
    await expect.poll(() => ann.names(home)).toEqual(['Deep', 'b.txt']);
    expect(faults).toEqual([]);
    await context.close();
  });

  test('an upload that the line dropped goes on after a reload, from where it was', async () => {
    const home = (await ann.api<{ id: string }>('POST /api/drive/folders', { parentId: root, name: 'Cut' })).body.id;
    const path = join(emptyFolder('cut'), 'large.bin');
    const bytes = randomBytes(48 * 1024 * 1024);
    writeFileSync(path, bytes);
    const first = await open(`/drive/${home}`);
    // The first part of 32 MiB arrives; then the line is gone.
    let parts = 0;
    await first.page.route('**/api/drive/uploads/*', async (route) => {
      if (route.request().method() === 'PATCH') parts += 1;
      if (parts > 1) await route.abort('connectionreset');
      else await route.continue();
    });
    await first.page.locator('input[type=file]').first().setInputFiles(path);
    await expect.poll(() => parts, { timeout: 60_000 }).toBeGreaterThan(1);
    const storage = await first.context.storageState();
    await first.page.unrouteAll({ behavior: 'ignoreErrors' });
    await first.context.close();
    if (!browser) return;
    const { page, context } = await visit(browser, node, { session, storageState: storage });
    const offsets: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') offsets.push(request.headers()['upload-offset'] ?? '');
    });
    await page.goto(`${node.url}/drive/${home}`);
    await page.getByText('Nothing here yet').waitFor();
    await page.locator('input[type=file]').first().setInputFiles(path);
    await file(page, 'large.bin').waitFor({ timeout: 60_000 });
    expect(offsets).toEqual([String(32 * 1024 * 1024)]);
    const { body } = await ann.api<DriveFolderAnswer>(`GET /api/drive/folders/${home}`);
    const stored = await fetch(`${node.url}/api/drive/nodes/${body.items[0]?.id}/content`, { headers: ann.headers });
    expect(Buffer.from(await stored.arrayBuffer()).equals(bytes)).toBe(true);
    await context.close();
  });

  test('a link is made in the page, and opens for somebody without a session', async () => {
    const made = (await ann.put(root, 'for you.txt', 'words for whoever has the link')).body;
    const { page, context } = await open();
    await file(page, 'for you.txt').click();
    await toolbar(page, 'Share').click();
    await page.getByLabel('Password (if wanted)').fill('open sesame');
    await page.getByRole('button', { name: 'Make a link' }).click();
    const address = await page.getByRole('dialog').locator('code').textContent();
    await context.close();
    if (!browser) return;
    const stranger = await visit(browser, node);
    await stranger.page.goto(address as string);
    await stranger.page.getByRole('heading', { name: 'This link asks for a password.' }).waitFor();
    await stranger.page.getByLabel('Password').fill('open sesame');
    await stranger.page.getByRole('button', { name: 'Open' }).click();
    await stranger.page.getByRole('heading', { name: /“for you.txt” was shared with you/ }).waitFor();
    const [download] = await Promise.all([
      stranger.page.waitForEvent('download'),
      stranger.page.getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('for you.txt');
    expect(stranger.faults).toEqual([]);
    await stranger.context.close();
    const { links } = (await ann.api<{ links: { downloads: number }[] }>(`GET /api/drive/nodes/${made.id}/sharing`))
      .body;
    expect(links[0]?.downloads).toBe(1);
  });

  test('a long folder holds few rows in the document, and the last is reached', async () => {
    const home = (await ann.api<{ id: string }>('POST /api/drive/folders', { parentId: root, name: 'Long' })).body.id;
    for (let at = 0; at < 420; at += 1) await ann.put(home, `file ${at}.dat`, `${at}`);
    const { page, context, faults } = await open(`/drive/${home}`);
    await file(page, 'file 0.dat').waitFor();
    expect(await page.getByRole('option').count()).toBeLessThan(80);
    await page.getByRole('listbox', { name: 'Files and folders' }).focus();
    await expect
      .poll(
        async () => {
          await page.keyboard.press('End');
          return file(page, 'file 419.dat').count();
        },
        { timeout: 30_000, interval: 300 },
      )
      .toBe(1);
    expect(faults).toEqual([]);
    await context.close();
  });

  test('details show why a file could not be read, its versions, and tags that people add', async () => {
    const broken = (await ann.put(root, 'broken.pdf', '%PDF-1.4\nno pages here')).body;
    await ann.put(root, 'broken.pdf', '%PDF-1.4\nstill no pages');
    await ann.indexed(broken.id);
    const { page, context, faults } = await open();
    await file(page, 'broken.pdf').click();
    await toolbar(page, 'Details').click();
    const panel = page.getByRole('complementary', { name: 'Details' });
    await panel.getByText('Could not be read').waitFor();
    await panel.getByRole('button', { name: 'Read again' }).click();
    await panel.getByRole('textbox', { name: 'Add a tag' }).fill('urgent');
    await page.keyboard.press('Enter');
    await panel.getByRole('link', { name: 'Find files about urgent' }).waitFor();
    await panel.getByRole('button', { name: 'Make it current: Version 1' }).click();
    await expect
      .poll(async () => (await ann.api<DriveDetail>(`GET /api/drive/nodes/${broken.id}`)).body.node.version)
      .toBe(3);
    expect(faults).toEqual([]);
    await context.close();
  });
});
