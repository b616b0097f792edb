import type {
  AppRecord,
  CompiledManifest,
  ExperimentPlanAnswer,
  ExperimentRequest,
  LocalizedText,
  ManagedExperiment,
} from '@myriad/contracts';
import {
  aggregateOf,
  armMoments,
  covarianceOf,
  DEFAULT_TUNING,
  LiftError,
  meanOf,
  minimumDetectableEffect,
  relativePower,
  timeToVerdict,
} from '@myriad/lift';
import type { ExperimentBook } from '../measure/experiment-book.ts';
import { armText, isWithoutApp, parseArm } from './arms.ts';

/** What a plan is made from. */
export interface PlanFacts {
  readonly app: AppRecord;
  readonly manifest: CompiledManifest | null;
  /** Experiments about the same app and KPI, for what its units did so far. */
  readonly books: readonly ExperimentBook[];
  readonly running: ManagedExperiment | null;
  /** Whether the KPI has a definition: registered, or the manifest's own. */
  readonly known: (kpi: string) => boolean;
  readonly ownerOf: (kpi: string) => string | null;
  readonly canServe: (model: string) => boolean;
  readonly hasVersion: (number: number) => Promise<boolean>;
}

const dayMs = 86_400_000;
const weeksShown = 12;
const defaultGoalRatio = 0.05;

/** Sizes, time and obstacles of an experiment that is not started. @throws MyriadError `invalid_request` for unreadable arms. */
export async function planExperiment(request: ExperimentRequest, facts: PlanFacts): Promise<ExperimentPlanAnswer> {
  const { app, manifest } = facts;
  const control = parseArm(request.control, 'control');
  const treatment = parseArm(request.treatment, 'treatment');
  const kpi = request.kpi ?? manifest?.kpi?.metric ?? '';
  const controlRatio = request.controlRatio ?? 0.5;
  const ownGoal = manifest?.kpi?.metric === kpi ? manifest.kpi.goalRatio : null;
  const goalRatio = request.goalRatio ?? ownGoal ?? defaultGoalRatio;
  const measured = measuredOf(facts.books);
  const mean = request.mean ?? measured?.mean ?? null;
  const standardDeviation = request.standardDeviation ?? measured?.standardDeviation ?? null;
  const unitsPerDay = request.unitsPerDay ?? measured?.unitsPerDay ?? null;
  const given = [request.mean, request.standardDeviation, request.unitsPerDay].some((value) => value !== undefined);
  const problems: LocalizedText[] = [];
  const warnings: LocalizedText[] = [];
  const stop = (en: string, zh: string) => problems.push({ en, zh });
  const warn = (en: string, zh: string) => warnings.push({ en, zh });

  if (kpi === '') stop('Name the KPI: the app has none of its own.', '请指定指标：该应用没有自己的指标。');
  else if (!facts.known(kpi)) stop(`Register the KPI "${kpi}" first.`, `请先登记指标“${kpi}”。`);
  if (app.status !== 'published') stop(`${app.name} is ${app.status}, not published.`, `${app.name} 尚未发布。`);
  if (armText(control) === armText(treatment)) stop('Both arms are the same.', '两个分组完全相同。');
  if (treatment.serve === 'none') stop('The treated must meet something.', '实验组必须有所服务。');
  if (request.guardrails.length === 0)
    stop('Name at least one guardrail: a KPI that must not get worse.', '至少指定一个护栏指标：不允许变差的指标。');
  for (const name of request.guardrails) {
    if (name === kpi) stop(`"${name}" cannot guard itself.`, `“${name}”不能作为自己的护栏。`);
    else if (!facts.known(name)) stop(`Register the guardrail "${name}" first.`, `请先登记护栏指标“${name}”。`);
  }
  for (const arm of [control, treatment]) {
    if (arm.serve === 'version' && !(await facts.hasVersion(arm.version)))
      stop(`${app.name} has no version ${arm.version}.`, `${app.name} 没有版本 ${arm.version}。`);
    if (arm.serve === 'base' && !facts.canServe(arm.model))
      stop(`No enabled base model is called "${arm.model}".`, `没有启用名为“${arm.model}”的基础模型。`);
  }
  if (facts.running)
    stop(
      `${app.name} has a running experiment (${facts.running.id}). Stop it first.`,
      `${app.name} 已有进行中的实验（${facts.running.id}），请先停止。`,
    );
  const owner = facts.ownerOf(kpi);
  if (owner !== null && owner !== '' && owner === app.ownerId)
    warn('The KPI and the app have the same owner.', '指标与应用的负责人是同一人。');
  if (isWithoutApp(control) && controlRatio < 0.05)
    warn('A small control arm makes the verdict slow.', '对照组过小，结论会很慢。');
  const sizes = sizesOf({ mean, standardDeviation, unitsPerDay, controlRatio, goalRatio });
  if (sizes.unitsNeeded === null)
    warn(
      'Nothing was measured yet: give a mean, a spread and units a day to see how long it takes.',
      '尚无测量数据：请给出均值、标准差与每天的单元数，以估计所需时间。',
    );
  return {
    app: app.name,
    kpi,
    control: armText(control),
    treatment: armText(treatment),
    controlRatio,
    guardrails: [...request.guardrails],
    goalRatio,
    mean,
    standardDeviation,
    unitsPerDay,
    basis: given ? 'given' : measured ? 'measured' : 'unknown',
    ...sizes,
    problems,
    warnings,
  };
}

function sizesOf(plan: {
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  readonly unitsPerDay: number | null;
  readonly controlRatio: number;
  readonly goalRatio: number;
}): Pick<ExperimentPlanAnswer, 'unitsNeeded' | 'timeToVerdictMs' | 'weeks'> {
  const { mean, standardDeviation, unitsPerDay, controlRatio, goalRatio } = plan;
  const unknown = { unitsNeeded: null, timeToVerdictMs: null, weeks: [] };
  if (mean === null || mean === 0 || !standardDeviation || !unitsPerDay) return unknown;
  const variance = standardDeviation ** 2;
  const effect = Math.abs(goalRatio * mean);
  const verdict = timeToVerdict({
    effect,
    variance,
    unitsPerDay,
    treatmentShare: 1 - controlRatio,
    tuning: DEFAULT_TUNING,
  });
  // arms of unequal size know as much as fewer units in equal ones: 4·p(1 − p)·N
  const worth = 4 * controlRatio * (1 - controlRatio);
  const weeks = Array.from({ length: weeksShown }, (_, index) => {
    const total = 7 * (index + 1) * unitsPerDay * worth;
    const size = { mean: Math.abs(mean), variance, total, arms: 2, tuning: DEFAULT_TUNING };
    return { week: index + 1, power: relativePower(size, goalRatio), leastEffect: leastEffect(size) };
  });
  return {
    unitsNeeded: Number.isFinite(verdict.units) ? verdict.units : null,
    timeToVerdictMs: Number.isFinite(verdict.ms) ? verdict.ms : null,
    weeks,
  };
}

function leastEffect(size: Parameters<typeof minimumDetectableEffect>[0]): number | null {
  try {
    return minimumDetectableEffect(size, 0.8);
  } catch (error) {
    if (error instanceof LiftError) return null;
    throw error;
  }
}

/** What units of the app did so far, by the experiment with most of them. */
function measuredOf(books: readonly ExperimentBook[]) {
  const [book] = [...books].sort((a, b) => b.exposed.size - a.exposed.size);
  if (!book || book.exposed.size < 30 || book.goal.kpi.type === 'ratio') return null;
  const aggregate = aggregateOf(book.goal.ledger);
  const arm = ([1, 0] as const)
    .map((index) => armMoments(aggregate, index))
    .find((moments) => (moments[0] as number) >= 30);
  if (!arm) return null;
  const mean = meanOf(arm, 0);
  const variance = book.goal.kpi.type === 'proportion' ? mean * (1 - mean) : covarianceOf(arm, 0, 0);
  const days = Math.max(1, (book.lastAt - book.firstAt) / dayMs);
  return { mean, standardDeviation: Math.sqrt(variance), unitsPerDay: book.exposed.size / days };
}
