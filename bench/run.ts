/** `npm run bench -- NAME [ARGUMENTS]` runs one bench; without a name it lists them. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

const [name, ...args] = process.argv.slice(2);
const script = join(import.meta.dirname, `${name}.ts`);
if (!name || !existsSync(script)) {
  const names = globSync('*.ts', { cwd: import.meta.dirname })
    .filter((file) => file !== 'run.ts')
    .map((file) => file.replace(/\.ts$/, ''));
  process.stderr.write(`${name ? `There is no bench "${name}". ` : ''}Benches: ${names.sort().join(', ')}\n`);
  process.exit(name ? 2 : 0);
}
process.exit(spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' }).status ?? 1);
