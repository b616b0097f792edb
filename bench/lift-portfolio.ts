/**
 * Many apps: false discoveries and power of closed e-BH and e-BH on e-processes beside re-run-and-lock BH (20,000 apps × 60 looks);
 * true value of a shrunken and a raw ranking (100,000 apps); share moves of apps without effect.
 * Run: node bench/lift-portfolio.ts
 */
import { writeFileSync } from 'node:fs';
import { simulatePortfolio } from '../packages/lift/src/simulation/simulate-portfolio.ts';
import { simulateRanking } from '../packages/lift/src/simulation/simulate-ranking.ts';
import { simulateShares } from '../packages/lift/src/simulation/simulate-shares.ts';

const plan = { apps: 20_000, looks: 60, effective: 0.1, effects: [0.03, 0.12] as const, unitsPerLook: 100 };
const many = [1, 2, 3, 4, 5].map((seed) => ({ seed, ...simulatePortfolio({ ...plan, seed }) }));
console.table(
  many.map((row) => ({
    seed: row.seed,
    ...row.closedEBh,
    eBhPower: row.eBh.power,
    rerunFalse: row.rerunBh.falseDiscoveries,
    rerunPower: row.rerunBh.power,
  })),
);

const rankingPlan = { apps: 100_000, top: 1000, effectSd: 0.006, errors: [0.002, 0.08] as const };
const ranking = [1, 2, 3].map((seed) => ({ seed, ...simulateRanking({ ...rankingPlan, seed }) }));
for (const row of ranking) console.log(JSON.stringify(row), `${(row.shrunken.true / row.raw.true).toFixed(1)}×`);

const sharesPlan = { runs: 1000, apps: 200, days: 60, unitsPerDay: 100, effect: 0.1, good: 20, bad: 5, seed: 11 };
const shares = simulateShares(sharesPlan);
const allNull = simulateShares({ ...sharesPlan, good: 0, bad: 0 });
console.log('shares', shares, 'all without effect', allNull);

const result = {
  bench: 'lift-portfolio',
  many: { plan, runs: many },
  ranking: { plan: rankingPlan, runs: ranking },
  shares: { plan: sharesPlan, mixed: shares, allNull },
};
writeFileSync(new URL('./results/lift-portfolio.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
