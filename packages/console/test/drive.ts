/**
 * Walks through the console as a reader would, in a real browser against the mock, and fails where it does not do what it
 * says. `node packages/console/test/drive.ts BASE_URL OUT_FOLDER`
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

const [base = 'http://localhost:8432', out = '.cache/drive'] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: await sparticuz.executablePath(),
  args: [...sparticuz.args.filter((each) => !each.includes('single-process')), '--no-sandbox'],
});
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
const page = await context.newPage();
const faults: string[] = [];
page.on('pageerror', (error) => faults.push(error.message));
page.on('console', (line) => {
  if (line.type() === 'error' && !/status of 40/.test(line.text())) faults.push(line.text());
});

async function look(name: string): Promise<void> {
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(out, `${name}.png`) });
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(
      ({ id, impact, nodes }) => `${impact} ${id} ${nodes[0]?.html.slice(0, 140)}`,
    );
  });
  // An open menu stands outside the landmarks by its nature; it is named and takes the focus.
  const counted = found.filter((each) => !/^moderate region .*role="menu"/.test(each));
  faults.push(...counted.map((each) => `${name}: axe ${each}`));
}
const box = () => page.getByRole('textbox', { name: 'Ask, or drop a file' });

// The one-time link makes an owner; the card can be skipped.
await context.addCookies([{ name: 'as', value: 'new', url: base }]);
await page.goto(`${base}/welcome#one-time`);
await page.getByRole('button', { name: 'Later, go to Assistant' }).waitFor();
assert.equal(new URL(page.url()).hash, '', 'the token stays out of the history');
await look('welcome');
await page.getByRole('button', { name: 'Later, go to Assistant' }).click();

// A file dropped into a new conversation keeps the text that was typed; both are sent.
await box().fill('Why does the interval narrow? Show the formula.');
await page.setInputFiles('input[type=file]', [
  { name: 'notes.pdf', mimeType: 'application/pdf', buffer: Buffer.from('hello') },
  { name: 'scan.png', mimeType: 'image/png', buffer: Buffer.from('x') },
]);
await page.getByText('Could not be read: There is no text in this file.').waitFor();
await page.getByText('6 pages').waitFor();
assert.equal(await box().inputValue(), 'Why does the interval narrow? Show the formula.');
await look('files');
await page.getByRole('button', { name: 'Remove scan.png' }).click();
await box().press('Enter');
await page.getByText('Each observation adds').waitFor();

// A reload in the middle of an answer shows all of it again and goes on.
await page.reload();
await page.getByText('Each observation adds').waitFor();
await page.locator('.katex').first().waitFor();
await box().press('Escape');
await page.getByText('Stopped.', { exact: true }).last().waitFor();
await look('stopped');

// Answering again makes a second version; both can be read.
await page.getByRole('button', { name: 'Answer again' }).click();
await page.getByText('2 / 2').waitFor({ timeout: 30_000 });
await page.getByRole('button', { name: 'Older version' }).click();
await page.getByText('1 / 2').waitFor();

// A citation opens its passage with the quoted words marked.
await page.goto(`${base}/chat/conv_refund`);
await page.locator('.cite').last().click();
await page.locator('aside mark').waitFor();
assert.match((await page.locator('aside mark').textContent()) ?? '', /九十天/);
await look('source');

// A tool that needs a person's word waits for it.
await box().fill('Please refund order 7');
await box().press('Enter');
await look('approval');
await page.getByRole('button', { name: 'Allow once' }).click();
await page.getByText('Three kinds of goods').last().waitFor();
await box().press('Escape');
await page.getByText('Stopped.', { exact: true }).last().waitFor();

// A refusal keeps the text.
await box().fill('refuse me');
await box().press('Enter');
await page.getByText('0.00 CNY left').waitFor();
assert.equal(await box().inputValue(), 'refuse me');
await look('refused');

// Deleting can be taken back.
await page.getByRole('button', { name: /More about Minutes/ }).click();
await look('menu');
await page.getByRole('menuitem', { name: 'Delete' }).click();
await page.getByText('Conversation deleted').waitFor();
assert.equal(await page.getByRole('link', { name: 'Minutes of the pricing meeting' }).count(), 0);
await look('undo');
await page.getByRole('button', { name: 'Undo' }).click();
await page.getByRole('link', { name: 'Minutes of the pricing meeting' }).waitFor();

// The palette goes anywhere by keyboard, and switching the language keeps what was typed.
await box().fill('half a thought');
await page.keyboard.press('Control+k');
await page.getByRole('combobox').fill('中文');
await look('palette');
await page.keyboard.press('Enter');
await page.getByRole('textbox', { name: '提问，或拖入文件' }).waitFor();
assert.equal(await page.getByRole('textbox', { name: '提问，或拖入文件' }).inputValue(), 'half a thought');
await page.keyboard.press('Control+k');
await page.getByRole('combobox').fill('English');
await page.keyboard.press('Enter');
await page.keyboard.press('Control+k');
await page.getByRole('combobox').fill('runs');
await page.keyboard.press('Enter');
await page.waitForURL(`${base}/runs`);

// The list is virtual, its filters stand in the address.
assert.ok((await page.getByRole('listitem').count()) < 80, 'only what is near the window is in the document');
await page.getByLabel('Outcome').selectOption('refused');
await page.waitForURL(/status=refused/);
await page.getByText('Refused').nth(1).waitFor();

// The manifest is checked as it is typed, and published.
await page.goto(`${base}/app/refund-desk`);
await page.locator('.cm-content').click();
await page.keyboard.press('Control+End');
await page.keyboard.type('knowlege: [x]\n');
await page.getByText('Did you mean knowledge?').waitFor();
await look('manifest-issue');
for (let times = 0; times < 8; times += 1) await page.keyboard.press('Control+z');
await page.getByText('The manifest is valid.').waitFor();
await page.getByRole('button', { name: 'Publish' }).click();
await page.getByText('expected a citation of refund-policy.pdf').waitFor();
await look('published');
await page.getByRole('tab', { name: 'Versions' }).click();
await page.getByRole('button', { name: 'Compare' }).first().click();
await page.getByText('Say how long the refund takes.').first().waitFor();
await look('diff');

// Dialogs.
await page.goto(`${base}/models`);
await page.getByRole('button', { name: 'Attach a model' }).click();
await look('attach');
await page.getByLabel('Model name').fill('ernie-5.0');
await page.getByLabel('Key', { exact: true }).fill('secret');
await page.getByRole('button', { name: 'Attach and test' }).click();
await page.getByText('It answered in words').waitFor();
await page.goto(`${base}/people`);
await page.getByRole('button', { name: 'Invite', exact: true }).click();
await look('invite');
await page.getByRole('button', { name: 'Make the link' }).click();
await page.getByText('/invite#mock-token').waitFor();
await page.goto(`${base}/settings?tab=keys`);
await page.getByRole('button', { name: 'New key' }).click();
await look('new-key');
await page.getByLabel('Name').fill('till');
await page.getByRole('button', { name: 'Create' }).click();
await page.getByText('shown-once').waitFor();
await page.goto(`${base}/spend`);
await page.getByRole('button', { name: 'Add a limit' }).click();
await look('budget');
await browser.close();
assert.deepEqual(faults, []);
console.log('Everything did what it says.');
