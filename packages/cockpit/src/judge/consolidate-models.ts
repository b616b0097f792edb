/**
 * Which base models could be retired at no measurable loss. A model is proven replaceable when each of its apps has an
 * experiment in which it ran against one same replacement, and the always-valid lower bound of the replacement's
 * effect on the app's KPI lies above −margin (non-inferiority; Piaggio et al. 2012, CONSORT extension), no guardrail
 * tripped and the measurement was sound. Nothing is inferred from names or prices.
 */
import type { Bounds, ConsolidationApp, ConsolidationRow, LocalizedText, ManagedExperiment } from '@myriad/contracts';
import type { Judged } from './judge-books.ts';
import { relativeBounds } from './portfolio-row.ts';

export interface ModelUse {
  readonly model: string;
  readonly app: string;
  readonly runs: number;
  readonly spentMicros: number;
  readonly tokens: number;
}

export interface ConsolidationFacts {
  readonly models: readonly { readonly name: string; readonly enabled: boolean }[];
  readonly uses: readonly ModelUse[];
  readonly experiments: readonly { readonly managed: ManagedExperiment; readonly judged: Judged }[];
  /** Largest relative loss of a KPI that counts as none. */
  readonly marginRatio: number;
}

export function consolidateModels(facts: ConsolidationFacts): readonly ConsolidationRow[] {
  const { models, uses, marginRatio } = facts;
  const tests = facts.experiments.flatMap((one) => replacementTests(one, marginRatio));
  // micros a token, over everything a model was used for
  const priceOf = (model: string) => {
    const own = uses.filter((use) => use.model === model);
    const tokens = own.reduce((sum, use) => sum + use.tokens, 0);
    return tokens === 0 ? null : own.reduce((sum, use) => sum + use.spentMicros, 0) / tokens;
  };
  return models.map(({ name, enabled }) => {
    const own = uses.filter(({ model, runs }) => model === name && runs > 0);
    const spentMicros = own.reduce((sum, use) => sum + use.spentMicros, 0);
    const tokens = own.reduce((sum, use) => sum + use.tokens, 0);
    const base = { model: name, enabled, spentMicros, tokens };
    const ofApp = (app: string, by: string | null) =>
      by === null ? undefined : tests.find((test) => test.model === name && test.app === app && test.by === by);
    const appsBy = (by: string | null): ConsolidationApp[] =>
      own.map((use) => ({
        app: use.app,
        runs: use.runs,
        spentMicros: use.spentMicros,
        kpi: ofApp(use.app, by)?.evidence ?? null,
      }));
    const nothing = { replacement: null, savesMicros: null };
    if (own.length === 0) {
      const others = models.some((other) => other.enabled && other.name !== name);
      const state = enabled && others ? ('idle' as const) : ('needed' as const);
      return { ...base, ...nothing, apps: [], state, because: sentences[state]({ model: name, by: '', apps: 0 }) };
    }
    const candidates = models
      .filter((other) => other.enabled && other.name !== name)
      .map((other) => {
        const apps = appsBy(other.name);
        const price = priceOf(other.name);
        const saves = price === null ? null : Math.round(spentMicros - price * tokens);
        const proven = apps.every(({ kpi }) => kpi?.nonInferior === true);
        const worse = apps.some(
          ({ kpi }) => kpi !== null && kpi.effect.high !== null && kpi.effect.high < -marginRatio,
        );
        return { by: other.name, apps, saves, proven, worse, tested: apps.some(({ kpi }) => kpi !== null) };
      });
    const proven = candidates
      .filter((one) => one.proven)
      .sort((a, b) => (b.saves ?? Number.NEGATIVE_INFINITY) - (a.saves ?? Number.NEGATIVE_INFINITY))[0];
    if (proven)
      return {
        ...base,
        apps: proven.apps,
        replacement: proven.by,
        savesMicros: proven.saves,
        state: 'proven' as const,
        because: sentences.proven({ model: name, by: proven.by, apps: own.length }),
      };
    const seen = candidates.find((one) => one.tested) ?? null;
    const state = candidates.length === 0 ? 'needed' : seen?.worse ? 'worse' : 'untested';
    return {
      ...base,
      ...nothing,
      apps: appsBy(seen?.by ?? null),
      state,
      because: sentences[state]({ model: name, by: seen?.by ?? '', apps: own.length }),
    } as const;
  });
}

interface ReplacementTest {
  readonly app: string;
  /** The model that would go, and the one that would take over. */
  readonly model: string;
  readonly by: string;
  readonly evidence: NonNullable<ConsolidationApp['kpi']>;
}

/** Base model against base model tells of both directions. */
function replacementTests(
  { managed, judged }: { readonly managed: ManagedExperiment; readonly judged: Judged },
  marginRatio: number,
): readonly ReplacementTest[] {
  const { control, treatment } = managed;
  if (control.serve !== 'base' || treatment.serve !== 'base' || judged.comparison === null) return [];
  const relative = relativeBounds(judged.comparison);
  if (!relative) return [];
  const sound = !judged.verdict.blocked && judged.guardrails.every(({ tripped }) => !tripped);
  // more is better from here on: the effect of going from control to treatment
  const gain = judged.book.plan.kpi.direction === 'decrease' ? turned(relative) : relative;
  const test = (model: string, by: string, effect: Bounds): ReplacementTest => ({
    app: managed.app,
    model,
    by,
    evidence: {
      experiment: managed.id,
      effect,
      marginRatio,
      nonInferior: sound && effect.low !== null && effect.low > -marginRatio,
    },
  });
  return [test(control.model, treatment.model, gain), test(treatment.model, control.model, turned(gain))];
}

const turned = ({ estimate, low, high }: Bounds): Bounds => ({
  estimate: -estimate,
  low: high === null ? null : -high,
  high: low === null ? null : -low,
});

type Words = (facts: { readonly model: string; readonly by: string; readonly apps: number }) => LocalizedText;

const eachOf = (apps: number) => (apps === 1 ? 'its app' : `each of its ${apps} apps`);

const sentences: Readonly<Record<ConsolidationRow['state'], Words>> = {
  proven: ({ by, apps }) => ({
    en: `${by} does as well for ${eachOf(apps)}, within the margin, however often one looks.`,
    zh: `${by} 在其 ${apps} 个应用上均不差于它（在允许范围内，任何时候查看都成立）。`,
  }),
  untested: ({ apps }) => ({
    en: `Not known: start an experiment of base model against base model for ${eachOf(apps)}.`,
    zh: `尚不可知：请为其 ${apps} 个应用分别启动基础模型对比实验。`,
  }),
  worse: ({ by }) => ({
    en: `An app would surely lose more than the margin on ${by}.`,
    zh: `换到 ${by} 会使某个应用的损失确定超过允许范围。`,
  }),
  idle: () => ({ en: 'No app ran on it in these days.', zh: '这段时间没有应用使用它。' }),
  needed: () => ({ en: 'No other model could take over.', zh: '没有其他模型可以接替。' }),
};
