/** After kill −9 of the node its model process goes on alone and holds memory; the next start ends it. */
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function rememberProcess(path: string, pid: number): Promise<void> {
  await writeFile(path, JSON.stringify({ pid }), { mode: 0o600 });
}

/**
 * Ends the process that `path` remembers, when it still runs `file`: a process id alone may be somebody else's by now.
 *
 * @returns Whether there was one.
 */
export async function endOrphan(path: string, file: string): Promise<boolean> {
  let pid: unknown;
  try {
    ({ pid } = JSON.parse(await readFile(path, 'utf8')) as { pid?: unknown });
  } catch {
    return false;
  }
  await rm(path, { force: true });
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 1) return false;
  if (!(await commandLine(pid)).includes(file)) return false;
  process.kill(pid, 'SIGKILL');
  return true;
}

async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') return await readFile(`/proc/${pid}/cmdline`, 'utf8');
    if (process.platform === 'win32') return '';
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}
