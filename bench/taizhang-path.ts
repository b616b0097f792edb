/**
 * Path search: multiply-adds (log2) found in a given time for one GRCS file at tensors of at most 2^26, for five seeds.
 * Usage: node bench/taizhang-path.ts [file=inst_7x7_40_0] [searchMs=60000] [seeds=5]
 */
import { parseGrcs, plan } from '@myriad/taizhang';
import { grcsFile, machine, publish } from './taizhang-machine.ts';

const file = process.argv[2] ?? 'inst_7x7_40_0';
const searchMs = Number(process.argv[3] ?? 60_000);
const seeds = Number(process.argv[4] ?? 5);
const circuit = parseGrcs(grcsFile(`${file}.txt`));
const runs = Array.from({ length: seeds }, (_, i) => {
  const started = performance.now();
  const { log2Macs, log2Size, slices, searchRounds } = plan(circuit, { searchMs, seed: i + 1, maxLog2Size: 26 });
  return {
    seed: i + 1,
    log2Macs,
    log2Size,
    slices,
    searchRounds,
    seconds: (performance.now() - started) / 1000,
    ...machine(),
  };
});
const sorted = runs.map(({ log2Macs }) => log2Macs).sort((a, b) => a - b);
publish(`taizhang-path-${file}`, { file, searchMs, medianLog2Macs: sorted[sorted.length >> 1], runs });
