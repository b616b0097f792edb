/** Search in a real browser: ask in both languages, open a citation in its place, filter, ask on, share; axe in both themes. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBrowserOrSay, type Visit, visit } from './support/open-console.ts';
import { acceptInvite, becomeOwner, browserHeaders, call, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

const browser = await openBrowserOrSay();
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const files = {
  'leave.md':
    '# Leave policy\n\n## Annual leave\n\nEvery employee gets 25 days of annual leave a year. Unused days expire in March.\n\n## Parental leave\n\nParents may take twelve weeks of leave after a birth.\n\n## Sick leave\n\nA doctor’s note is needed from the third day of sick leave.\n',
  'travel.md':
    '# Travel\n\n## Booking\n\nTrips must be booked at least five working days before departure. Economy class is the rule.\n',
  '年假制度.md':
    '# 年假制度\n\n## 天数\n\n工作满一年的员工每年有 5 天年假，满十年的有 10 天。\n\n## 申请\n\n年假须提前三个工作日在系统中申请。\n',
};

async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

describe.skipIf(!browser)('Search', () => {
  let node: RunningNode;
  let owner: Session;
  let colleague: Session;
  let desk: Visit;
  const box = (name = 'Ask a question') => desk.page.getByRole('combobox', { name });
  const article = () => desk.page.getByRole('article', { name: 'Answer' }).last();
  const settled = async () => {
    await desk.page.locator('article[aria-busy="false"]').last().waitFor();
    await desk.page.locator('article[aria-busy="true"]').waitFor({ state: 'detached' });
  };

  /** For a person to look at, when the variable names a folder. */
  const pictures = async (name: string) => {
    const folder = process.env.SEARCH_PICTURES;
    if (!folder) return;
    for (const theme of ['light', 'dark'] as const)
      for (const width of [1440, 390]) {
        await desk.page.emulateMedia({ colorScheme: theme });
        await desk.page.setViewportSize({ width, height: 900 });
        await desk.page.waitForTimeout(300);
        await desk.page.screenshot({ path: `${folder}/${name}-${theme}-${width}.png` });
      }
    await desk.page.emulateMedia({ colorScheme: 'light' });
    await desk.page.setViewportSize({ width: 1440, height: 900 });
  };

  beforeAll(async () => {
    node = await startNode();
    owner = await becomeOwner(node);
    const headers = browserHeaders(node, owner);
    const as = <T>(route: string, body: object) => call<T>(node, route, { key: null, headers, body });
    const invite = await as<{ link: string }>('POST /api/invites', { role: 'member' });
    colleague = await acceptInvite(node, invite.body.link, {
      name: 'Colleague',
      email: 'colleague@example.org',
      password: 'a long enough password',
    });
    const library = await as<{ id: string }>('POST /api/collections', { name: 'library:staff', readers: ['everyone'] });
    for (const [name, raw] of Object.entries(files)) {
      const made = await call<{ id: string }>(
        node,
        `POST /api/collections/${library.body.id}/documents?name=${encodeURIComponent(name)}`,
        { key: null, headers: { ...headers, 'content-type': 'text/plain' }, raw },
      );
      await vi.waitUntil(
        async () =>
          (await call<{ status: string }>(node, `GET /api/documents/${made.body.id}`)).body.status === 'ready',
        { timeout: 30_000 },
      );
    }
    desk = await visit(browser as NonNullable<typeof browser>, node, { session: owner });
  }, 120_000);
  afterAll(async () => {
    await desk?.context.close();
    await browser?.close();
    await node?.stop();
  });

  test('a question is answered with a numbered citation that opens the passage in its place', async () => {
    await desk.page.goto(`${node.url}/search`);
    await desk.page.getByRole('heading', { level: 1, name: 'What do you want to know?' }).waitFor();
    expect(await axe(desk.page)).toEqual([]);
    await pictures('empty-en');
    await box().fill('How many days of annual leave does an employee get?');
    await box().press('Enter');
    await settled();
    expect(await article().textContent()).toContain('25 days of annual leave');
    await article()
      .getByRole('button', { name: /Open source 1/ })
      .first()
      .click();
    const sources = desk.page.getByRole('complementary', { name: 'Sources' });
    await sources.locator('mark').first().waitFor();
    expect(await sources.locator('mark').first().textContent()).toContain('25 days of annual leave');
    expect(await sources.textContent()).toContain('Leave policy › Annual leave');
    expect(await axe(desk.page)).toEqual([]);
    await pictures('answer-en');
    await sources.getByRole('button', { name: 'Close' }).click();
  }, 120_000);

  test('the answer, its sources and steps are there after a reload, and what to ask next is asked with one click', async () => {
    await desk.page.reload();
    await settled();
    expect(await article().textContent()).toContain('25 days of annual leave');
    await desk.page.getByText(/passages of .* candidates, by words/).waitFor();
    const next = desk.page.getByRole('button', { name: /What does leave say about/ }).first();
    const question = (await next.textContent()) ?? '';
    await next.click();
    await desk.page.getByRole('heading', { level: 2, name: question }).waitFor();
    await settled();
    expect(await desk.page.getByRole('article', { name: 'Answer' }).count()).toBe(2);
  }, 60_000);

  test('suggestions come while typing, and the keyboard takes one', async () => {
    await desk.page.getByRole('button', { name: 'New search' }).first().click();
    await box().pressSequentially('travel');
    const options = desk.page.getByRole('option');
    await options.first().waitFor();
    expect((await options.allTextContents()).some((text) => text.startsWith('travel.md'))).toBe(true);
    await box().press('ArrowDown');
    expect(await options.first().getAttribute('aria-selected')).toBe('true');
    await box().press('Escape');
    await options.first().waitFor({ state: 'hidden' });
  }, 60_000);

  test('filters stand in the address and narrow the answer', async () => {
    await desk.page.goto(`${node.url}/search?kind=pdf&depth=speed`);
    expect(await desk.page.getByRole('combobox', { name: 'Kind of file' }).inputValue()).toBe('pdf');
    await box().fill('How many days of annual leave does an employee get?');
    await box().press('Enter');
    await settled();
    expect(await article().textContent()).not.toContain('25 days');
    expect(new URL(desk.page.url()).searchParams.get('kind')).toBe('pdf');
  }, 60_000);

  test('Chinese questions are answered from Chinese documents, in a Chinese page', async () => {
    await desk.page.evaluate(() => localStorage.setItem('myriad.language', 'zh'));
    await desk.page.goto(`${node.url}/search`);
    await desk.page.getByRole('heading', { level: 1, name: '想知道什么？' }).waitFor();
    await pictures('empty-zh');
    await box('提一个问题').fill('年假要提前几天申请？');
    await box('提一个问题').press('Enter');
    await desk.page.locator('article[aria-busy="false"]').last().waitFor();
    await desk.page.getByText('年假须提前三个工作日在系统中申请。').first().waitFor();
    await desk.page.locator('article').last().getByRole('button', { name: /1/ }).first().click();
    await desk.page.locator('aside mark').first().waitFor();
    expect(await desk.page.locator('aside mark').first().textContent()).toContain('提前三个工作日');
    expect(await axe(desk.page)).toEqual([]);
    await pictures('answer-zh');
  }, 120_000);

  test('a share opens for a colleague, read-only', async () => {
    await desk.page.getByRole('button', { name: '分享', exact: true }).click();
    const dialog = desk.page.getByRole('dialog', { name: '分享这次搜索' });
    await dialog.getByRole('button', { name: '分享', exact: true }).click();
    const link = dialog.getByRole('textbox', { name: '链接' });
    await link.waitFor();
    await pictures('share-zh');
    const address = await link.inputValue();
    const other = await visit(browser as NonNullable<typeof browser>, node, { session: colleague });
    await other.page.goto(address);
    await other.page.getByText('年假须提前三个工作日在系统中申请。').first().waitFor();
    expect(await other.page.getByRole('combobox').count()).toBe(0);
    expect(other.faults).toEqual([]);
    await other.context.close();
    await desk.page.keyboard.press('Escape');
  }, 60_000);

  test('it fits a phone in the dark, without a fault and without a call to anybody else', async () => {
    await desk.page.emulateMedia({ colorScheme: 'dark' });
    await desk.page.setViewportSize({ width: 390, height: 844 });
    await desk.page.goto(`${node.url}/search`);
    await desk.page.getByRole('heading', { level: 1 }).waitFor();
    expect(await desk.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await axe(desk.page)).toEqual([]);
    expect(desk.faults).toEqual([]);
    expect(desk.foreign).toEqual([]);
  }, 60_000);
});
