/**
 * Opens pages of the console in a real browser, keeps a picture of each in both themes, widths and languages, and runs axe
 * on them. `node packages/console/test/look.ts BASE_URL OUT_FOLDER [page …] [--quick | --others] [--no-pictures]`
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { chromium, type Page } from 'playwright-core';

const looked: Readonly<Record<string, string>> = {
  assistant: '/',
  chat: '/chat/conv_refund',
  maths: '/chat/conv_maths',
  failed: '/chat/conv_suppliers',
  'app-chat': '/app/refund-desk/chat',
  apps: '/apps',
  'new-app': '/apps/new',
  app: '/app/refund-desk',
  'app-versions': '/app/refund-desk?tab=versions',
  'app-try': '/app/refund-desk?tab=try',
  'app-use': '/app/refund-desk?tab=use',
  'app-access': '/app/refund-desk?tab=access',
  portfolio: '/cockpit',
  lift: '/cockpit/apps/refund-desk',
  'lift-sample': '/cockpit/apps/sample-order-writer',
  experiments: '/cockpit/experiments',
  kpis: '/cockpit/kpis',
  demand: '/cockpit/demand',
  decisions: '/cockpit/decisions',
  'cockpit-health': '/cockpit/health',
  models: '/models',
  knowledge: '/knowledge',
  collection: '/knowledge/col_policies',
  runs: '/runs',
  run: '/runs/run_5',
  spend: '/spend',
  people: '/people',
  groups: '/people?tab=groups',
  keys: '/people?tab=keys',
  settings: '/settings',
  node: '/settings?tab=node',
  audit: '/settings?tab=audit',
  member: '/apps?as-member',
  missing: '/nowhere',
  'sign-in': '/?nobody',
  invite: '/invite#token',
  welcome: '/welcome#spent',
};

const [base = 'http://localhost:8431', out = '.cache/look', ...rest] = process.argv.slice(2);
const wanted = rest.filter((each) => !each.startsWith('--'));
const quick = rest.includes('--quick');
const others = rest.includes('--others');
const pictures = !rest.includes('--no-pictures');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const browser = await chromium.launch({
  executablePath: await sparticuz.executablePath(),
  args: [...sparticuz.args.filter((each) => !each.includes('single-process')), '--no-sandbox'],
  headless: true,
});
mkdirSync(out, { recursive: true });
let faults = 0;
const looks = (['light', 'dark'] as const).flatMap((theme) =>
  ([1440, 390] as const).flatMap((width) => (['en', 'zh'] as const).map((language) => ({ theme, width, language }))),
);
/** The two that differ in everything. */
const isQuick = (index: number) => index === 0 || index === 7;
for (const { theme, width, language } of looks.filter((_, index) =>
  quick ? isQuick(index) : others ? !isQuick(index) : true,
)) {
  const context = await browser.newContext({
    viewport: { width, height: width > 900 ? 900 : 844 },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  await context.addInitScript((kept) => localStorage.setItem('myriad.language', kept), language);
  for (const [name, path] of Object.entries(looked)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await context.clearCookies();
    const role = /nobody|member$/.exec(path)?.[0];
    if (role) await context.addCookies([{ name: 'as', value: role, url: base }]);
    const page = await context.newPage();
    const said: string[] = [];
    page.on('pageerror', (error) => said.push(`threw ${error.message}`));
    page.on('console', (line) => {
      if (line.type() === 'error' && !/status of 40/.test(line.text())) said.push(line.text());
    });
    await page.goto(base + path);
    await settled(page);
    const label = `${name}-${theme}-${width}-${language}`;
    if (pictures) await page.screenshot({ path: join(out, `${label}.png`) });
    for (const finding of [...said, ...(await axeFindings(page)), ...(await overflow(page))]) {
      faults += 1;
      console.log(`${label}: ${finding}`);
    }
    await page.close();
  }
  await context.close();
}
await browser.close();
console.log(faults === 0 ? 'Nothing found.' : `${faults} findings.`);
process.exitCode = faults === 0 ? 0 : 1;

async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page
    .locator('h1')
    .first()
    .waitFor({ state: 'attached', timeout: 10_000 })
    .catch(() => {});
  await page.waitForTimeout(350);
}

async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(options: object): Promise<{
          violations: { id: string; impact: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
    };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.map(
      ({ id, impact, help, nodes }) =>
        `axe ${impact} ${id}: ${help}; ${nodes.length}× ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary.split('\n')[1]?.trim().slice(0, 160) ?? ''}`,
    );
  });
}

async function overflow(page: Page): Promise<string[]> {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return wider > 0 ? [`the page is ${wider} px wider than the window`] : [];
}
