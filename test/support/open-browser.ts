/** A real Chromium: the one that comes with `npm ci` on Linux x64, an installed one elsewhere. */
import { existsSync } from 'node:fs';
import { arch, platform } from 'node:process';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

async function executable(): Promise<{ path: string; args: readonly string[] } | null> {
  if (platform === 'linux' && arch === 'x64') return { path: await sparticuz.executablePath(), args: sparticuz.args };
  const found = installed.find((path) => existsSync(path));
  return found ? { path: found, args: [] } : null;
}

/** null where there is no browser; the caller must say so loudly. */
export async function openBrowser(): Promise<Browser | null> {
  const found = await executable();
  if (!found) return null;
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({
    executablePath: found.path,
    // In one process, closing one profile would end the whole browser.
    args: [...found.args.filter((argument) => !/^--(headless|single-process)/.test(argument)), ...quiet],
    headless: true,
  });
}
