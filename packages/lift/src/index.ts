/** Lift: statistics of causal effects. Pure, streaming, mergeable; imports nothing. */
export type { AnalysisOptions } from './analysis/analysis-options.ts';
export { compareKpi, type KpiComparison, type Looks } from './analysis/compare-kpi.ts';
export {
  type Analysis,
  type AnalysisResult,
  type ArmResult,
  type BadRow,
  createAnalysis,
  type KpiResult,
} from './analysis/create-analysis.ts';
export { type KpiOption, type KpiType, parseKpiOption } from './analysis/parse-kpi-option.ts';
export { analysisToJson, describeLiftSet, intervalPicture, renderAnalysis } from './analysis/render-analysis.ts';
export { type AssignmentRule, assignVariant, inNamespace, namespacePosition } from './assignment/assign-variant.ts';
export {
  type BucketRange,
  bucketRanges,
  chooseVariation,
  equalWeights,
  type Namespace,
} from './assignment/bucket-ranges.ts';
export { fnv1a32, hashUnit } from './assignment/hash-unit.ts';
export { type ArmStatistics, bestArmStopping, leadingArm, type StoppingDecision } from './bandit/best-arm-stopping.ts';
export { type ArmBelief, banditAssignment, chanceBest, topTwoShares } from './bandit/top-two-thompson.ts';
export { type AllocationOptions, optimalAllocation } from './bandit/track-and-stop.ts';
export { floorWeights } from './bandit/weight-floor.ts';
export {
  asymptoticSequence,
  DEFAULT_TUNING,
  eProcess,
  logEProcess,
  oneSidedMultiplier,
  sequenceMultiplier,
  sequenceRho,
} from './compare/asymptotic-sequence.ts';
export {
  expectedPositivePart,
  gaussianPosterior,
  type NormalPrior,
  type PosteriorResult,
  priorOnAbsoluteScale,
} from './compare/bayes.ts';
export { type BinaryArm, type BinaryPosterior, betaBinomial } from './compare/beta-binomial.ts';
export { absoluteEffect, compareArms, type Effect, type Interval, relativeEffect } from './compare/effect.ts';
export { type FiellerSet, fiellerContains, fiellerRoots, fiellerSet } from './compare/fieller.ts';
export { fixedHorizon, type Sides, type TestResult } from './compare/fixed-horizon.ts';
export { type CsvParser, type CsvRowHandler, createCsvParser, detectDelimiter } from './csv/parse-csv.ts';
export {
  type DifferenceInDifferences,
  differenceInDifferences,
  type PanelUnit,
} from './designs/difference-in-differences.ts';
export { type EncouragementResult, encouragementEffect } from './designs/encouragement.ts';
export { inWashout, type SwitchbackBlock, switchbackEffect, switchbackVariant } from './designs/switchback.ts';
export { type AaHealth, aaHealth } from './health/aa-test.ts';
export { type Contamination, contamination, type DeliveryTable } from './health/contamination.ts';
export { type GuardrailState, guardrail } from './health/guardrail.ts';
export {
  advanceSampleRatio,
  type SequentialSampleRatio,
  sampleRatioLogBayesFactor,
  sampleRatioPValue,
} from './health/sample-ratio.ts';
export { LiftError, type LiftErrorCode } from './lift-error.ts';
export { closedEBenjaminiHochbergLog } from './many/closed-e-bh.ts';
export { eBenjaminiHochberg, eBenjaminiHochbergLog, eByLevel } from './many/e-bh.ts';
export {
  judgePortfolio,
  type PortfolioColumns,
  type PortfolioJudgement,
  type PortfolioOptions,
  rankByShrunken,
  selectedInterval,
} from './many/judge-portfolio.ts';
export { benjaminiHochberg, holm, intervalFromAdjustedP } from './many/multiple-testing.ts';
export { betweenVariance, type FamilyEstimates, type FamilyShrinkage, shrinkFamily } from './many/shrinkage.ts';
export type { ArmEstimate } from './metrics/arm-estimate.ts';
export { quantileSums } from './metrics/cuped-quantile.ts';
export { type ArmPair, type ArmSums, estimateArm, estimateArms } from './metrics/estimate-arms.ts';
export { normalSampler, type Random, seededRandom } from './numerics/random.ts';
export { type SpendingPlan, spendingBounds, spendingLevels } from './planning/alpha-spending.ts';
export { type MoreSample, type MoreSampleOptions, moreSampleNeeded, powerAfter } from './planning/mid-experiment.ts';
export {
  minimumDetectableEffect,
  oneSidedPower,
  type PowerPlan,
  relativePower,
  twoSidedPower,
} from './planning/power.ts';
export { proportionSampleSizePerArm, sampleSizePerArm } from './planning/sample-size.ts';
export { timeToVerdict, type VerdictPlan } from './planning/time-to-verdict.ts';
export { bernoulliInterval } from './sequences/bernoulli-interval.ts';
export { quantileComparison } from './sequences/quantile-comparison.ts';
export {
  type AggregateShape,
  createAggregate,
  estimateAggregates,
  type MomentMetric,
  shapeComponents,
} from './stream/estimate-moments.ts';
export { mergeSums } from './stream/merge-sums.ts';
export {
  addUnit,
  changeUnit,
  covarianceOf,
  createMoments,
  type Moments,
  meanOf,
  mergeMoments,
  momentsFromJson,
  momentsToJson,
} from './stream/moments.ts';
export {
  addToSketch,
  createQuantileSketch,
  mergeSketches,
  moveInSketch,
  type QuantileSketch,
  sketchQuantileSums,
} from './stream/quantile-sketch.ts';
export {
  aggregateOf,
  armMoments,
  createUnitLedger,
  type Exposure,
  expose,
  type LedgerAggregate,
  type LedgerDefinition,
  type LedgerEvent,
  mergeAggregates,
  record,
  type UnitLedger,
} from './stream/unit-ledger.ts';
export {
  DAILY_STEP,
  EXPLORATION_POOL,
  fitShares,
  nextShare,
  SHARE_ALPHA,
  type ShareDecision,
  type ShareInput,
} from './verdict/next-share.ts';
export { type LiftValue, valueOfLift } from './verdict/value-of-lift.ts';
export { orient, type Verdict, type VerdictInput, type VerdictName, verdict } from './verdict/verdict.ts';
export { VERDICT_SENTENCES, type VerdictReason, verdictSentence } from './verdict/verdict-sentences.ts';
export type { VectorRow } from './verify/vector-row.ts';
export { type VectorFile, type VectorResult, type VerifyReport, verifyVectors } from './verify/verify-vectors.ts';
