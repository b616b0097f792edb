/** The first day in a real browser: the link, a PDF dropped into Assistant, a cited answer, its cost, and coming back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePdf } from './support/make-pdf.ts';
import { dropFiles, openBrowserOrSay, type Visit, visit } from './support/open-console.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

const browser = await openBrowserOrSay();
const password = 'correct horse battery';

const policy = makePdf([
  ['Refund policy of the store, valid from January 2026.', 'Goods in their box may be returned within thirty days.'],
  ['Made-to-order goods cannot be returned unless they are faulty.', 'Opened food is never taken back.'],
]);

describe.skipIf(!browser)('the first visit', () => {
  let node: RunningNode;
  let first: Visit;

  beforeAll(async () => {
    node = await startNode();
    if (browser) first = await visit(browser, node);
  });
  afterAll(async () => {
    await browser?.close();
    await node?.stop();
  });

  test('a stranger without the link is told where the link is, and sees nothing of the house', async () => {
    if (!browser) return;
    const { page, context } = await visit(browser, node);
    await page.goto(node.url);
    await page.getByRole('heading', { name: 'This node has no owner yet.' }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await context.close();
  });

  test('the owner link opens the node, leaves no token in the address, and leads to Assistant', async () => {
    const { page } = first;
    await page.goto(String(node.ownerLink));
    await page.getByRole('heading', { name: 'This node is yours.' }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('button', { name: 'Later, go to Assistant' }).click();
    await page.getByRole('textbox', { name: 'Ask, or drop a file' }).waitFor();
    await page
      .getByRole('heading', { name: 'Drop a file and ask: answers are quoted from it, word for word.' })
      .waitFor();
    for (const name of ['Assistant', 'Apps', 'Knowledge', 'Models', 'Runs', 'Spend', 'People', 'Settings'])
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).waitFor();
  });

  test('a dropped PDF is read, says how long it is, and a question about it is answered in its own words', async () => {
    const { page } = first;
    await dropFiles(page, [{ name: 'refund-policy.pdf', type: 'application/pdf', bytes: policy }]);
    await page.getByText('refund-policy.pdf').first().waitFor();
    await page.getByRole('status').filter({ hasText: '2 pages' }).waitFor();
    const box = page.getByRole('textbox', { name: 'Ask, or drop a file' });
    await box.fill('Can made-to-order goods be returned?');
    await box.press('Enter');
    const answer = page.getByRole('article', { name: 'Answer' });
    await answer.getByText('Made-to-order goods cannot be returned unless they are faulty.').waitFor();
    await answer.getByText('quotes only').waitFor();
    await answer.getByText('page 2').waitFor();
  });

  test('the citation opens the passage in its place, the quoted words marked, with file and page', async () => {
    const { page } = first;
    await page.getByRole('button', { name: 'Open source 1' }).first().click();
    const panel = page.getByRole('complementary', { name: 'Sources' });
    await panel.locator('mark').waitFor();
    expect(await panel.locator('mark').textContent()).toContain('Made-to-order goods cannot be returned');
    expect(await panel.textContent()).toContain('page 2 of 2');
    expect(await panel.textContent()).toContain('Opened food is never taken back.');
    await panel.getByRole('heading', { name: 'refund-policy.pdf' }).waitFor();
    const original = await page.request.get(
      new URL(String(await panel.getByRole('link', { name: 'Open the original' }).getAttribute('href')), node.url).href,
    );
    expect((await original.body()).equals(policy)).toBe(true);
    await panel.getByRole('button', { name: 'Close' }).click();
    expect(await panel.count()).toBe(0);
  });

  test('the run is on the Runs page with what it cost, and its trace names the model and why', async () => {
    const { page } = first;
    await page.getByRole('navigation').getByRole('link', { name: 'Runs', exact: true }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'assistant' });
    await row.waitFor();
    expect(await row.count()).toBe(1);
    expect(await row.textContent()).toMatch(/Console.*Answered.*myriad\/extract-1.*\$0\.00/s);
    await row.getByRole('link').first().click();
    await page.getByRole('heading', { name: /^assistant answered in .+ for .*0\.00.*\.$/ }).waitFor();
    await page.getByText('myriad/extract-1').first().waitFor();
    await page.getByText('Why this model').first().waitFor();
  });

  test('setting name and password ends the reminder; signing out and in again works, a wrong password does not', async () => {
    const { page } = first;
    await page.goto(`${node.url}/settings`);
    await page.getByText('You have no password or passkey yet').waitFor();
    const profile = page.locator('form').filter({ has: page.getByLabel('Email', { exact: true }) });
    await profile.getByLabel('Name').fill('Lin Wei');
    await profile.getByLabel('Email').fill('lin@example.org');
    await profile.getByRole('button', { name: 'Save' }).click();
    await page.getByText('You are signed in as Lin Wei.').waitFor();
    await page.getByLabel('New password').fill(password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Password changed').waitFor();
    await expect.poll(() => page.getByText('You have no password or passkey yet').count()).toBe(0);

    // A name is changed without the password; the address, which opens the door, only with it.
    await profile.getByLabel('Name').fill('Lin W.');
    await profile.getByRole('button', { name: 'Save' }).click();
    await page.getByText('You are signed in as Lin W..').waitFor();
    await profile.getByLabel('Email').fill('lin.w@example.org');
    await profile.getByLabel('Current password').fill(password);
    await profile.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => profile.getByLabel('Current password').count()).toBe(0);

    await page.getByRole('navigation').getByRole('button', { name: 'Lin W.' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Myriad.' }).waitFor();
    await page.getByLabel('Email').fill('lin.w@example.org');
    await page.getByLabel('Password').fill('wrong horse battery');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'Can made-to-order goods be returned?' }).waitFor();
  });

  test('the link works once: a second visitor is told so, and may sign in', async () => {
    if (!browser) return;
    const { page, context } = await visit(browser, node);
    await page.goto(String(node.ownerLink));
    await page.getByRole('heading', { name: 'This link has been used.' }).waitFor();
    await page.getByRole('button', { name: 'Go to sign-in' }).click();
    await page.getByRole('heading', { name: 'Sign in to Myriad.' }).waitFor();
    await context.close();
  });

  test('all the while nothing broke, and nobody but the node was called', () => {
    expect(first.faults, 'only the wrong password was refused').toEqual(['401 POST /api/sign-in']);
    expect(first.foreign).toEqual([]);
  });
});
