/** `GET /v1/apps/:app/assignment?unit=`: which variant a unit would meet, and why; nothing is exposed by asking. */
import { type AssignmentAnswer, MyriadError } from '@myriad/contracts';
import { appObject, findApp } from '../find-app.ts';
import type { House } from '../house.ts';
import { sendJson } from '../http/problem.ts';
import { authenticate, type Exchange } from './exchange.ts';

export async function showAssignment(house: House, exchange: Exchange, name: string): Promise<void> {
  const subject = await authenticate(house, exchange);
  const app = await findApp(house, name);
  if (!house.org.authorize(subject, 'app.use', appObject(app)).allowed)
    throw new MyriadError('app_not_found', `There is no app "${name}".`);
  const unit = exchange.url.searchParams.get('unit');
  if (!unit || unit.length > 512)
    throw new MyriadError('invalid_request', 'unit: expected the name of a unit, 1 to 512 characters.', {
      facts: { param: 'unit' },
    });
  const assignment = await house.apps.assign(app, unit);
  const answer: AssignmentAnswer = {
    app: app.name,
    unit,
    experiment: assignment.experiment,
    variant: assignment.variant,
    reason: assignment.reason,
  };
  sendJson(exchange.response, 200, answer, { 'x-request-id': exchange.requestId, 'cache-control': 'no-store' });
}
