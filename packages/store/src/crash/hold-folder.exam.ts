/** A process for tests: opens a store, says `open` or the failure's code, and stays until it is killed. */
import { systemClock } from '@myriad/contracts';
import { openStore } from '../open-store.ts';

try {
  await openStore({ data: process.argv[2] as string, database: 'sqlite', clock: systemClock });
  process.stdout.write('open\n');
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code}: ${(error as Error).message}\n`);
}
process.stdin.resume();
setInterval(() => {}, 60_000);
