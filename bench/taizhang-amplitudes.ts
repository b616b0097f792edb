/**
 * Amplitudes of GRCS files end to end: plan, run on two workers, report. Long or partial runs keep plan and checkpoint in
 * the temporary folder `taizhang-runs`, and go on from there when started again.
 * Usage: node bench/taizhang-amplitudes.ts [searchMs=20000] [fraction=1] [files…]; 9x9_24 and 6x6_40 when no file is named.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Plan, parseGrcs, plan, run } from '@myriad/taizhang';
import { openFileCheckpoint } from '@myriad/taizhang/node';
import { grcsFile, machine, publish } from './taizhang-machine.ts';

const [searchMs = '20000', fraction = '1', ...named] = process.argv.slice(2);
const files = named.length > 0 ? named : ['inst_9x9_24_0', 'inst_6x6_40_0'];
for (const file of files) {
  const circuit = parseGrcs(grcsFile(`${file}.txt`));
  const started = performance.now();
  const folder = join(tmpdir(), 'taizhang-runs');
  mkdirSync(folder, { recursive: true });
  const planFile = join(folder, `${file}.plan.json`);
  const resumable = Number(fraction) < 1 || Number(searchMs) > 60_000;
  const made: Plan =
    resumable && existsSync(planFile)
      ? JSON.parse(readFileSync(planFile, 'utf8'))
      : plan(circuit, { searchMs: Number(searchMs), workers: 2 });
  if (resumable) writeFileSync(planFile, JSON.stringify(made));
  const planSeconds = (performance.now() - started) / 1000;
  const { contraction: _, bitstring, ...shown } = made;
  console.log(file, shown);
  const checkpoint = resumable ? await openFileCheckpoint(join(folder, `${file}.checkpoint`)) : undefined;
  const result = await run(made, {
    workers: 2,
    maxFraction: Number(fraction),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  });
  await checkpoint?.close();
  const here = result.stats.slicesDone - result.stats.slicesFromCheckpoint;
  publish(`taizhang-${file}`, {
    file,
    bitstring,
    plan: { ...shown, planSeconds },
    re: result.value[0],
    im: result.value[1],
    fidelity: result.fidelity,
    stats: result.stats,
    totalSeconds: (performance.now() - started) / 1000,
    projectedHours: here > 0 ? (result.stats.seconds / here / 3600) * made.slices : null,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    machine: machine(),
  });
}
