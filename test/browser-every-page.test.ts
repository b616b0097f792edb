/** Every page in a real browser: axe finds nothing serious, nothing is logged, nothing overflows on a phone. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FurnishedHouse, furnishHouse } from './support/furnish-house.ts';
import { openBrowserOrSay, visit } from './support/open-console.ts';
import { becomeOwner, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream } from './support/upstream.ts';

const browser = await openBrowserOrSay();
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds serious or critical; `rules` narrows it to some. */
async function seriousFindings(page: Page, rules: readonly string[] | null = null): Promise<string[]> {
  const violations = await page.evaluate(async (only): Promise<readonly Violation[]> => {
    const { axe } = globalThis as unknown as {
      axe: { run(on: Document, options: object): Promise<{ violations: Violation[] }> };
    };
    const options = only ? { runOnly: { type: 'rule', values: only } } : {};
    return (await axe.run(document, { resultTypes: ['violations'], ...options })).violations;
  }, rules);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Waits until the page has its heading and nothing on it is still being fetched. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.locator('.after-wait').first().waitFor({ state: 'detached' });
}

/** Turns the theme over and waits until every colour has arrived. */
async function turnTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(async () => {
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  });
}

describe.skipIf(!browser)('every page', () => {
  let node: RunningNode;
  let upstream: Upstream;
  let session: Session;
  let house: FurnishedHouse;

  beforeAll(async () => {
    upstream = await startUpstream();
    node = await startNode();
    session = await becomeOwner(node);
    house = await furnishHouse(node, session, upstream.url);
  });
  afterAll(async () => {
    await browser?.close();
    await node?.stop();
    await upstream?.close();
  });

  test.each([
    { locale: 'en-US', first: 'light', second: 'dark', wide: true },
    { locale: 'zh-CN', first: 'dark', second: 'light', wide: false },
  ] as const)(
    'in $locale (wide: $wide): axe finds nothing serious in both themes, and nothing breaks',
    async (look) => {
      if (!browser) return;
      const { page, context, faults, foreign } = await visit(browser, node, {
        session,
        locale: look.locale,
        colorScheme: look.first,
        viewport: look.wide ? { width: 1440, height: 900 } : { width: 390, height: 844 },
      });
      // Before the page's own scripts and outside its policy, so that the policy itself stays as it is served.
      await context.addInitScript({ content: axeSource });
      const found: string[] = [];
      for (const [name, path] of Object.entries(house.paths)) {
        await page.goto(node.url + path);
        await settled(page);
        found.push(...(await seriousFindings(page)).map((each) => `${name}, ${look.first}: ${each}`));
        await turnTheme(page, look.second);
        found.push(
          ...(await seriousFindings(page, ['color-contrast'])).map((each) => `${name}, ${look.second}: ${each}`),
        );
        await turnTheme(page, look.first);
        if (!look.wide) {
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          if (width > 390) found.push(`${name}: ${width} px wide on a phone of 390`);
          if (!(await page.getByRole('navigation').last().isVisible())) found.push(`${name}: no bar at the bottom`);
        }
      }
      expect(found).toEqual([]);
      expect(faults).toEqual([]);
      expect(foreign).toEqual([]);
      await context.close();
    },
  );

  test('the pages for those outside are clean too', async () => {
    if (!browser) return;
    const { page, context, faults } = await visit(browser, node);
    await context.addInitScript({ content: axeSource });
    for (const path of ['/', '/invite', '/invite#a-token', '/welcome', house.link]) {
      await page.goto(node.url + path);
      await settled(page);
      expect(await seriousFindings(page), path).toEqual([]);
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  test('on a phone one asks, opens the source, and reaches every page by the bar below', async () => {
    if (!browser) return;
    const { page, context, faults } = await visit(browser, node, {
      session,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await page.goto(`${node.url}/chat/${house.conversations.quoted}`);
    await page.getByRole('button', { name: 'Open source 1' }).first().tap();
    await page.getByRole('dialog').locator('mark').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().tap();
    await page.getByRole('button', { name: 'Show conversations' }).tap();
    await page.getByRole('dialog').getByRole('link', { name: 'Show me markdown.' }).tap();
    await page.getByRole('heading', { name: 'Three ways to pay' }).waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).tap();
    await page.getByRole('dialog').getByRole('link', { name: 'Spend' }).tap();
    await page.waitForURL(/\/spend$/);
    await page.getByRole('navigation').getByRole('link', { name: 'Assistant' }).tap();
    const box = page.getByRole('textbox', { name: 'Ask, or drop a file' });
    await box.fill('Hello from a phone');
    await page.getByRole('button', { name: 'Send' }).tap();
    await page.getByRole('article', { name: 'Answer' }).getByText('You said: Hello from a phone').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });
});
