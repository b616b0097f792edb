/**
 * The peer `@portkey-ai/gateway`, at a pinned version, as its own process. It is no dependency of ours: npm installs it
 * into a folder of the machine's temporary files when a bench wants it. A fresh install answers 500 on streams unless
 * hono's node-server is held where it was when the release was made.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchProcess, readyWhen } from './processes.ts';

export const portkeyVersion = '1.15.2';
const nodeServerVersion = '1.13.5';

/** @returns null, with a loud word, when it can be neither found nor installed. */
export async function startPortkey(): Promise<BenchProcess | null> {
  const folder = join(tmpdir(), `myriad-bench-portkey-${portkeyVersion}`);
  const script = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  try {
    if (!existsSync(script)) install(folder);
    const port = await freePort();
    const child = spawn(process.execPath, [script, '--headless', `--port=${port}`], { cwd: folder, stdio: 'ignore' });
    await readyWhen(`http://127.0.0.1:${port}/`);
    return { child, pid: child.pid as number, port };
  } catch (error) {
    process.stderr.write(
      `\n*** PORTKEY IS NOT IN THIS RUN: ${(error as Error).message.split('\n')[0]}\n*** No figure beside it is made.\n\n`,
    );
    return null;
  }
}

function install(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const dependencies = { '@portkey-ai/gateway': portkeyVersion, '@hono/node-server': nodeServerVersion };
  const overrides = { '@hono/node-server': nodeServerVersion };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, stdio: 'pipe' });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
