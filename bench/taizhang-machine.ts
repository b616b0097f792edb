import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

/** What a figure was measured on; the load average tells whether the cores were ours alone. */
export function machine() {
  const all = cpus();
  return { cpu: all[0]?.model ?? 'unknown', cores: all.length, node: process.version, loadAverage: loadavg() };
}

/** Writes `bench/results/<name>.json` and prints it. */
export function publish(name: string, result: unknown): void {
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const text = `${JSON.stringify(result, null, 1)}\n`;
  writeFileSync(new URL(`${name}.json`, folder), text);
  console.log(text);
}

/** The GRCS circuit files, which are not part of the repository. */
export function grcsFile(name: string): string {
  for (const place of ['../../shared/taizhang/', '../../../shared/taizhang/', '../shared/taizhang/']) {
    const url = new URL(`${place}circuits/${name}`, import.meta.url);
    if (existsSync(url)) return readFileSync(url, 'utf8');
  }
  throw new Error(`${name} was not found in shared/taizhang/circuits beside the repository.`);
}
