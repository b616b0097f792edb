/** `POST /v1/apps/:app/exposures` {unit, variant?, time?}: another system showed a unit its variant, at that moment. */
import { type ExposureAnswer, MyriadError } from '@myriad/contracts';
import { appObject, findApp } from '../find-app.ts';
import type { House } from '../house.ts';
import { bad, object } from '../http/checks.ts';
import { sendJson } from '../http/problem.ts';
import { authenticate, type Exchange, readJsonBody } from '../v1/exchange.ts';
import { exposeUnit } from './expose-unit.ts';

const aheadMs = 86_400_000;
const bodyBytes = 16_384;

export async function receiveExposure(house: House, exchange: Exchange, name: string): Promise<void> {
  const subject = await authenticate(house, exchange);
  const app = await findApp(house, name);
  if (!house.org.authorize(subject, 'app.use', appObject(app)).allowed)
    throw new MyriadError('app_not_found', `There is no app "${name}".`);
  const { unit, variant, time, ...rest } = object(await readJsonBody(house, exchange, bodyBytes), '');
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw bad(unknown, 'Expected unit, variant and time only.');
  if (typeof unit !== 'string' || unit === '' || unit.length > 512)
    throw bad('unit', 'Expected the name of a unit, 1 to 512 characters.');
  if (variant !== undefined && (typeof variant !== 'string' || !/^[\w.-]{1,64}$/.test(variant)))
    throw bad('variant', 'Expected the name of the variant that was shown.');
  const at = typeof time === 'string' ? Date.parse(time) : time;
  if (at !== undefined && !(typeof at === 'number' && at > 0 && at <= house.clock.now() + aheadMs))
    throw bad('time', 'Expected UTC milliseconds or an ISO 8601 time, at most a day from now.');
  const assignment = await house.apps.assign(app, unit);
  const written = await exposeUnit(house, app, unit, {
    ...{ delivered: variant ?? assignment.variant, source: 'api' },
    ...(at === undefined ? {} : { time: Math.trunc(at) }),
  });
  const answer: ExposureAnswer = {
    ...{ app: app.name, unit, experiment: assignment.experiment },
    ...{ assigned: assignment.variant, delivered: variant ?? assignment.variant, first: written?.first ?? false },
  };
  sendJson(exchange.response, 200, answer, { 'x-request-id': exchange.requestId });
}
