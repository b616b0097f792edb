/** The queue's and the router's part of a call's path: a slot at one of the endpoints, and why there. */
import type { ChatRequest, ModelNeed } from '@myriad/contracts';
import type { CallPlan } from '../accounts/plan-call.ts';
import type { InputEstimate } from '../meter/estimate-tokens.ts';
import { type Choice, type ChoiceInput, chooseEndpoint, firstChoice } from '../routing/choose-endpoint.ts';
import type { EndpointSlots } from '../scheduler/endpoint-slots.ts';
import type { Slot, SlotRequest } from '../scheduler/slot-scheduler.ts';
import { acquireSlot } from './acquire-slot.ts';
import type { Cancel } from './cancel.ts';
import type { Binding, Parts, RunAccount } from './parts.ts';

export interface CallSpec {
  readonly request: ChatRequest;
  readonly need: ModelNeed;
  readonly stream: boolean;
}

/** What routing and the queue need to know of a call; shared by chats and embeddings. */
export interface RoutedCall {
  readonly need: ModelNeed;
  readonly input: InputEstimate;
  readonly expectedOutputTokens: number;
}

export function choiceInput(parts: Parts, { spec }: RunAccount, call: RoutedCall): ChoiceInput {
  return {
    need: call.need,
    inputTokens: call.input.tokens,
    outputTokens: call.expectedOutputTokens,
    affinity: spec.conversationId ?? `${spec.appId}:${spec.version ?? ''}`,
    now: parts.clock.now(),
  };
}

export interface RoutedSlot {
  readonly slot: Slot;
  readonly because: string;
  readonly queuedMs: number;
}

/** A slot request of the run, without the callback. */
export function slotRequest(
  parts: Parts,
  run: RunAccount,
  call: RoutedCall,
  onChoice: (choice: Choice) => void,
): Omit<SlotRequest, 'onSlot'> {
  const { spec } = run;
  const now = parts.clock.now();
  return {
    priority: spec.priority,
    tenant: spec.tenant,
    appId: spec.appId,
    user: spec.personId ?? spec.keyId,
    inputTokens: call.input.tokens,
    outputTokens: call.expectedOutputTokens,
    deadlineAt: Math.min(run.deadlineAt, now + parts.rules.queueMs),
    choose: (free: readonly EndpointSlots[]) => {
      const choice = chooseEndpoint(free, choiceInput(parts, run, call), parts.random, parts.exchange);
      onChoice(choice);
      return choice.slots;
    },
  };
}

export async function routeCall(
  parts: Parts,
  run: RunAccount,
  call: RoutedCall,
  plans: readonly CallPlan[],
  cancel: Cancel,
): Promise<RoutedSlot> {
  const pool = parts.scheduler.pool(plans.map((plan) => plan.slots));
  let because = plans.length === 1 ? 'the only endpoint able to serve' : 'the only endpoint free';
  const before = parts.clock.monotonicMs();
  const request = slotRequest(parts, run, call, (choice) => {
    because = choice.because;
  });
  const granted = acquireSlot(parts, pool, request, cancel);
  const slot = granted instanceof Promise ? await granted : granted;
  return { slot, because, queuedMs: parts.clock.monotonicMs() - before };
}

export function firstPlan(parts: Parts, run: RunAccount, call: RoutedCall, plans: readonly CallPlan[]): CallPlan {
  if (plans.length === 1) return plans[0] as CallPlan;
  const slots = firstChoice(
    plans.map((plan) => plan.slots),
    choiceInput(parts, run, call),
    parts.exchange,
  );
  return plans.find((plan) => plan.slots === slots) as CallPlan;
}

export function bindingOf(parts: Parts, run: RunAccount): Binding | Promise<Binding> {
  const { budgets } = run.spec;
  const accounts = parts.book.accounts(budgets, parts.clock.now());
  if (accounts instanceof Promise) return accounts.then((loaded) => ({ budgets, accounts: loaded }));
  return { budgets, accounts };
}

export function servedBy({ endpoint }: EndpointSlots): NonNullable<RunAccount['servedBy']> {
  return {
    endpointId: endpoint.id,
    model: endpoint.name,
    generates: endpoint.capabilities.includes('generate'),
  };
}
