/** What a run of a base model without an app looks like to the kernel, on surfaces that call it themselves. */
import { newId, type RunSpec, type Subject } from '@myriad/contracts';
import { callerOf } from '../admin/context.ts';
import { type House, tenant } from '../house.ts';

export function directRun(house: House, subject: Subject): RunSpec {
  const caller = callerOf(house, subject);
  return {
    runId: newId('run', house.clock, house.random),
    appId: 'direct',
    appName: 'direct',
    version: null,
    tenant,
    surface: 'openai',
    personId: caller.personId,
    keyId: caller.keyId,
    assignment: { experiment: null, variant: 'direct', reason: 'no_experiment', unit: null },
    delivered: 'direct',
    conversationId: null,
    priority: 'standard',
    stream: false,
    budgets: [],
    limits: { requestsPerMinute: null, tokensPerMinute: null, parallel: null, deadlineMs: null },
    cache: { exact: false, ttlMs: 0 },
  };
}
