/** A package of npm to measure beside, installed for this one run: it is no dependency of ours. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface InstalledPeer {
  readonly module: unknown;
  remove(): void;
}

/** @param version Exact, so that a figure can be made again. Null without a registry within reach. */
export function installPeer(name: string, version: string): InstalledPeer | null {
  const folder = mkdtempSync(join(tmpdir(), 'myriad-peer-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const words = ['install', `${name}@${version}`, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    execFileSync('npm', words, { cwd: folder, stdio: 'ignore', timeout: 120_000 });
    return { module: createRequire(join(folder, 'package.json'))(name) as unknown, remove };
  } catch {
    remove();
    return null;
  }
}
