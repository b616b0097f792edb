/**
 * A/A error and coverage under many looks: 10,000 runs × 5 outcome shapes × 200 looks, absolute and relative, at no
 * lift and at a lift of 10 %. Bars: A/A error ≤ .05 (95 % upper limit ≤ .056), miscoverage ≤ .05.
 * Run: node bench/lift-looks.ts [runs]
 */
import { writeFileSync } from 'node:fs';
import { OUTCOME_SHAPES } from '../packages/lift/src/simulation/outcome-shapes.ts';
import { simulateLooks, upperRate } from '../packages/lift/src/simulation/simulate-looks.ts';

const runs = Number(process.argv[2] ?? 10_000);
const rows = [];
for (const shape of OUTCOME_SHAPES) {
  for (const lift of [0, 0.1]) {
    const outcome = simulateLooks({ shape, lift, runs, looks: 200, unitsPerLook: 25, seed: 20_261_124 });
    const worst = Math.max(outcome.absolute, outcome.relative);
    const upper = upperRate(worst, runs);
    const pass = worst <= 0.05 && (lift > 0 || upper <= 0.056);
    rows.push({ shape, lift, ...outcome, upperLimit: upper, pass });
    console.log(shape, `lift ${lift}`, JSON.stringify(outcome), `upper ${upper.toFixed(4)}`, pass ? 'met' : 'MISSED');
  }
}
const result = { bench: 'lift-looks', runs, looks: 200, unitsPerArmAndLook: 25, tuning: 5000, alpha: 0.05, rows };
writeFileSync(new URL('./results/lift-looks.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
