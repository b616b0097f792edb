/**
 * Makes the pictures in docs/images from a real node with sample data: `node scripts/screenshots.ts [FOLDER]`. The data and
 * the model's words are invented and say so. Chinese needs a Chinese font on the machine that makes the pictures.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { furnishHouse } from '../test/support/furnish-house.ts';
import { dropFiles, openBrowserOrSay, visit } from '../test/support/open-console.ts';
import { becomeOwner, call, createKey } from '../test/support/operator.ts';
import { startNode } from '../test/support/start-node.ts';
import { startUpstream } from '../test/support/upstream.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '../docs/images');
const largestBytes = 300_000;
mkdirSync(folder, { recursive: true });

const browser = await openBrowserOrSay();
if (!browser) process.exit(1);
const upstream = await startUpstream();
const node = await startNode();
const session = await becomeOwner(node);
const house = await furnishHouse(node, session, upstream.url);
const key = await createKey(node);
const questions = ['Is opened food taken back?', 'How long may goods be returned?', 'Who decides about old orders?'];
for (const content of [...questions, ...questions]) {
  for (const model of ['app:refund-desk', 'app:assistant'])
    await call(node, 'POST /v1/chat/completions', { key, body: { model, messages: [{ role: 'user', content }] } });
}

async function keep(page: Page, name: string): Promise<void> {
  await page.locator('.after-wait').first().waitFor({ state: 'detached' });
  await page.mouse.move(0, 0);
  await page.waitForTimeout(300);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  console.log(`${path}: ${Math.round(size / 1000)} kB${size > largestBytes ? ', TOO LARGE' : ''}`);
  if (size > largestBytes) process.exitCode = 1;
}

const light = await visit(browser, node, { session, colorScheme: 'light' });
await light.page.goto(`${node.url}/chat/${house.conversations.quoted}`);
await light.page.getByRole('button', { name: 'Open source 1' }).first().click();
await light.page.locator('mark').first().waitFor();
await keep(light.page, 'assistant');
for (const [name, path] of [
  ['app', '/app/refund-desk'],
  ['runs', '/runs'],
  ['run', house.paths.run],
] as const) {
  await light.page.goto(node.url + path);
  await light.page.locator('h1').first().waitFor();
  if (name === 'app') await light.page.getByText('The manifest is valid.').waitFor();
  await keep(light.page, name);
}

await call(node, 'POST /api/cockpit/demo', { body: {} });
for (const [name, path] of [
  ['cockpit', '/cockpit'],
  ['quantum', '/quantum'],
] as const) {
  await light.page.goto(node.url + path);
  await light.page.locator('h1').first().waitFor();
  await light.page.waitForTimeout(1_500);
  await keep(light.page, name);
}

const dark = await visit(browser, node, { session, colorScheme: 'dark', locale: 'zh-CN' });
const upstreamModel = await call<{ models: { endpoint: { id: string; name: string } }[] }>(node, 'GET /api/models');
const writer = upstreamModel.body.models.find(({ endpoint }) => endpoint.name === 'sample-writer');
await call(node, `PATCH /api/models/${writer?.endpoint.id}`, { body: { enabled: false } });
await dark.page.goto(node.url);
const text = `# 示例数据：灯笼商店退货制度

签收后三十日内，包装完好的商品可以退货。

定制商品不予退货，有质量问题的除外。

超过九十天的订单由主管决定，主管在两个工作日内答复。
`;
const box = dark.page.getByRole('textbox', { name: '提问，或拖入文件' });
await box.waitFor();
await dropFiles(dark.page, [{ name: '示例：退货制度.md', type: 'text/markdown', bytes: Buffer.from(text) }]);
await dark.page
  .getByRole('status')
  .filter({ hasText: /[段页]/ })
  .waitFor();
await box.fill('超过九十天的订单由谁决定？');
await box.press('Enter');
await dark.page.locator('article[aria-busy=false]').waitFor();
await dark.page.locator('.cite').first().click();
await dark.page.locator('mark').first().waitFor();
await keep(dark.page, 'assistant-zh-dark');

await browser.close();
await node.stop();
await upstream.close();
