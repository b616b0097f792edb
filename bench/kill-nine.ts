/**
 * kill −9 at random moments under load: every acknowledged run and KPI event is in the store once afterwards, no hold
 * leaks, and the budget's books equal the sum of the runs.
 *
 *   npm run bench -- kill-nine [KILLS=100] [SEED=1]
 */
import { runKillNine } from '../test/support/kill-nine.ts';
import { writeResult } from './support/write-result.ts';

const kills = Number(process.argv[2] ?? 100);
const figures = await runKillNine({
  kills,
  seed: Number(process.argv[3] ?? 1),
  onKill: (done, acknowledged) => process.stderr.write(`\r${done} of ${kills} kills, ${acknowledged} acknowledged`),
});
process.stdout.write(`\n${JSON.stringify(figures, null, 2)}\n`);
writeResult('kill-nine', `npm run bench -- kill-nine ${kills}`, figures);
if (figures.lostRuns + figures.lostEvents + figures.doubledRuns + figures.leakedHolds + figures.budgetErrorMicros !== 0)
  process.exitCode = 1;
