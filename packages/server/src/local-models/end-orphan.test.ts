import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endOrphan, rememberProcess } from './end-orphan.ts';

const folder = mkdtempSync(join(tmpdir(), 'myriad-orphan-'));
const file = join(folder, 'tiny.gguf');
const note = `${file}.pid.json`;

/** A process that does nothing, with `word` on its command line. */
function idle(word: string): ChildProcess & { readonly pid: number } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', word], { stdio: 'ignore' });
  return child as ChildProcess & { readonly pid: number };
}

test('a process that an earlier life left with the file is ended, and the note with it', async () => {
  const child = idle(file);
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  await rememberProcess(note, child.pid);
  expect(await endOrphan(note, file)).toBe(true);
  expect(await ended).toBe('SIGKILL');
  expect(existsSync(note)).toBe(false);
});

test('a process of the same id that runs something else is left alone', async () => {
  const child = idle(join(folder, 'other.gguf'));
  await rememberProcess(note, child.pid);
  expect(await endOrphan(note, file)).toBe(false);
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  child.kill('SIGKILL');
});

test('no note, or one of a process long gone, is nothing', async () => {
  expect(await endOrphan(note, file)).toBe(false);
  await rememberProcess(note, 2 ** 22 + 1);
  expect(await endOrphan(note, file)).toBe(false);
});
