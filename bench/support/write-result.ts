/** One result file a bench: what was measured, where, and the command that makes it again. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

export function writeResult(name: string, command: string, figures: unknown): void {
  const folder = join(import.meta.dirname, '../results');
  mkdirSync(folder, { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadAverage: loadavg()[0],
  };
  writeFileSync(
    join(folder, `${name}.json`),
    `${JSON.stringify({ name, command, date: new Date().toISOString().slice(0, 10), machine, figures }, null, 2)}\n`,
  );
}
