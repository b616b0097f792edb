export type * from './api.ts';
export type * from './apps.ts';
export type * from './batches.ts';
export type * from './chat.ts';
export type { Clock, Random } from './clock.ts';
export type * from './cockpit.ts';
export { type Config, type ConfigEntry, type ConfigSource, configSchema } from './config.ts';
export type * from './conversations.ts';
export type * from './drive.ts';
export type * from './drive-routes.ts';
export {
  asMyriadError,
  type FailureClass,
  type FailureCode,
  type FailureFacts,
  type FailureKind,
  type FailureOptions,
  failureCatalogue,
  isMyriadError,
  MyriadError,
} from './errors.ts';
export type * from './experiments.ts';
export type * from './feedback.ts';
export { type IdPrefix, newId } from './ids.ts';
export type * from './kernel.ts';
export type * from './knowledge.ts';
export type * from './kpi-intake.ts';
export {
  type CompiledEval,
  type CompiledManifest,
  type CompiledTool,
  type LocalizedText,
  type Manifest,
  type ManifestIssue,
  manifestCapability,
  manifestSchema,
} from './manifest.ts';
export {
  type MediaAnswer,
  type MediaBody,
  type MediaCapability,
  type MediaMeasure,
  type MediaRequest,
  type MediaTap,
  type MediaUnits,
  mediaCostOf,
  mediaUsageAtMost,
} from './media.ts';
export {
  type CallOptions,
  type CallTimeouts,
  type Capability,
  type Driver,
  type DriverFamily,
  defaultTimeouts,
  type EmbedRequest,
  type EmbedResult,
  type ModelConnection,
  type ModelEndpoint,
  type RelayRequest,
  type RelayResponse,
  type UpstreamModel,
} from './models.ts';
export { type Currency, convertMoney, type ExchangeRates, type Money, type Price } from './money.ts';
export type * from './org.ts';
export type * from './quantum.ts';
export type * from './rooms.ts';
export { type RoutingRule, routingRuleSchema } from './routing-rules.ts';
export type * from './runs.ts';
export type * from './search.ts';
export type * from './store.ts';
export { systemClock, systemRandom } from './system-clock.ts';
export { addUsage, costOf, noUsage, type Usage } from './usage.ts';
export type * from './wenku.ts';
export type * from './wenku-routes.ts';
