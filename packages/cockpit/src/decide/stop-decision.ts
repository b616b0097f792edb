import { MyriadError, type StopRequest } from '@myriad/contracts';
import type { CockpitParts } from '../cockpit.ts';
import { sampleTenant } from '../registry/kpi-registry.ts';
import type { NewDecision } from './decision-desk.ts';

/** A stop or resume that a person asked for, as a decision. @throws MyriadError `app_not_found`, `model_not_found`. */
export async function stopDecision(
  parts: Pick<CockpitParts, 'store' | 'tenant' | 'models'>,
  { what, name = '', resume = false }: StopRequest,
): Promise<NewDecision> {
  const verb = resume ? 'resume' : 'stop';
  const because = resume
    ? { en: 'A person started it again.', zh: '由人工恢复。' }
    : { en: 'A person stopped it.', zh: '由人工停止。' };
  const common = { appId: null, app: null, model: null, sample: false, from: null, to: null, verdict: null, because };
  if (what === 'everything') return { ...common, kind: `${verb}-all` };
  if (what === 'model') {
    const model = parts.models().find((one) => one.id === name || one.name === name);
    if (!model) throw new MyriadError('model_not_found', `There is no model "${name}".`);
    return { ...common, kind: `${verb}-model`, model: model.id };
  }
  const { apps } = parts.store;
  const app =
    (await apps.byName(parts.tenant, name)) ?? (await apps.byId(name)) ?? (await apps.byName(sampleTenant, name));
  if (!app) throw new MyriadError('app_not_found', `There is no app "${name}".`);
  return { ...common, kind: verb, appId: app.id, app: app.name, sample: app.tenant === sampleTenant };
}
