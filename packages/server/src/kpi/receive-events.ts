/** `POST /v1/kpi/events`: JSON, NDJSON or CloudEvents; durable and idempotent by id before it is answered. */
import { MyriadError } from '@myriad/contracts';
import { type House, tenant } from '../house.ts';
import { sendJson } from '../http/problem.ts';
import { readBody } from '../http/read-body.ts';
import { allow, authenticate, type Exchange } from '../v1/exchange.ts';
import { readEvents } from './read-events.ts';
import { takeEvents } from './take-events.ts';

const maxEvents = 50_000;

export async function receiveKpiEvents(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  allow(house, subject, 'kpi.write', { type: 'house' });
  const body = await readBody(exchange.request, house.config.limits.bodyBytes);
  const { values, single } = readEvents(exchange.request.headers, body);
  if (values.length > maxEvents)
    throw new MyriadError('body_too_large', `At most ${maxEvents} events in one request; got ${values.length}.`, {
      facts: { maxEvents },
    });
  const source = subject.kind === 'key' ? subject.key.id : subject.kind === 'person' ? subject.person.id : subject.kind;
  const answer = await takeEvents(await intakeOf(house), values, { source });
  const refused = answer.rejected[0];
  // A sender of single CloudEvents reads the status, not a list of what was rejected.
  if (single && refused)
    throw new MyriadError('invalid_request', refused.detail, { facts: { param: null, reason: refused.code } });
  sendJson(exchange.response, 200, answer, { 'x-request-id': exchange.requestId });
}

/** What `takeEvents` needs of the house. */
export async function intakeOf(house: House): Promise<Parameters<typeof takeEvents>[0]> {
  const known = new Set((await house.cockpit.kpis()).map(({ name }) => name));
  return { kpi: house.store.kpi, clock: house.clock, known, tenant };
}
