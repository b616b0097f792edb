/** The operator's rules: which of the able endpoints come first for a call, in words that the trace keeps. */
import { type ChatRequest, MyriadError, type Random, type RoutingRule, type RunSpec } from '@myriad/contracts';
import type { EndpointSlots } from '../scheduler/endpoint-slots.ts';

export interface RuleQuery {
  readonly spec: Pick<RunSpec, 'appId' | 'appName' | 'version' | 'surface'>;
  readonly request: ChatRequest;
  readonly inputTokens: number;
}

/** The first rule that fits; null leaves the choice to merit. */
export function ruleFor(rules: readonly RoutingRule[], query: RuleQuery): RoutingRule | null {
  for (const rule of rules) if (fits(rule, query)) return rule;
  return null;
}

function fits({ when }: RoutingRule, { spec, request, inputTokens }: RuleQuery): boolean {
  if (when.apps && !when.apps.includes(spec.version === null ? 'direct' : spec.appName)) return false;
  if (when.surfaces && !when.surfaces.includes(spec.surface)) return false;
  if (when.inputTokens?.from !== undefined && inputTokens < when.inputTokens.from) return false;
  if (when.inputTokens?.below !== undefined && inputTokens >= when.inputTokens.below) return false;
  return !when.languages || when.languages.includes(languageOf(request));
}

/** Of the last thing that a person said: Chinese where a third of the letters are Han. */
export function languageOf(request: ChatRequest): 'zh' | 'en' {
  const last = request.messages.findLast(({ role }) => role === 'user');
  let han = 0;
  let letters = 0;
  for (const part of last?.content ?? []) {
    if (part.type !== 'text') continue;
    const text = part.text.slice(-4_000);
    han += text.match(/\p{Script=Han}/gu)?.length ?? 0;
    letters += text.match(/\p{L}/gu)?.length ?? 0;
  }
  return han > 0 && han * 3 >= letters ? 'zh' : 'en';
}

interface Served {
  readonly slots: EndpointSlots;
}

/** @throws MyriadError `capability_unavailable` when the rule lets nothing else serve and none of its models can. */
export function allowedBy<Plan extends Served>(rule: RoutingRule, plans: readonly Plan[]): readonly Plan[] {
  if (rule.otherwise === 'any') return plans;
  const named = new Set(rule.levels.flatMap(({ models }) => models));
  const allowed = plans.filter(({ slots }) => named.has(slots.endpoint.name));
  if (allowed.length > 0) return allowed;
  throw new MyriadError(
    'capability_unavailable',
    `The routing rule "${rule.name}" lets only ${[...named].join(', ')} serve, and none of them is able to.`,
    { facts: { rule: rule.name } },
  );
}

/**
 * The plans of the first level with an endpoint whose circuit lets calls through; all when no level has one.
 *
 * @param random Draws where the level has weights: then one plan is left.
 */
export function levelOf<Plan extends Served>(
  rule: RoutingRule,
  plans: readonly Plan[],
  now: number,
  random: Pick<Random, 'next'>,
): { readonly plans: readonly Plan[]; readonly because: string } {
  for (const [at, level] of rule.levels.entries()) {
    const able = plans.filter(
      ({ slots }) => level.models.includes(slots.endpoint.name) && slots.health.circuit(now) !== 'open',
    );
    if (able.length === 0) continue;
    const because = `rule "${rule.name}", level ${at + 1}`;
    if (!level.weights || able.length === 1) return { plans: able, because };
    const weights = able.map(({ slots }) => level.weights?.[level.models.indexOf(slots.endpoint.name)] ?? 0);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let left = random.next() * total;
    const drawn = able.find((_, index) => {
      left -= weights[index] as number;
      return left < 0;
    });
    return { plans: [drawn ?? (able.at(-1) as Plan)], because: `${because} by weight` };
  }
  return { plans, because: `rule "${rule.name}", none of its levels` };
}
