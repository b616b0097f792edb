/** After `npm ci`: builds the console, so that the first start is as quick as every other. Runs on the project's Node. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const consoleRoom = join(import.meta.dirname, '../packages/console');

if (existsSync(join(consoleRoom, 'vite.config.ts'))) {
  const vite = join(import.meta.dirname, '../node_modules/vite/bin/vite.js');
  const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: consoleRoom,
    stdio: 'inherit',
  });
  if (built.status !== 0) {
    process.stderr.write('The console could not be built; see above. `npm run build` tries again.\n');
    process.exitCode = 1;
  }
}
