import { type Clock, MyriadError, type ToolDefinition } from '@myriad/contracts';
import { said, type Tool } from './tool.ts';

/** A moment in a zone, with its weekday, both ways of writing it. @throws MyriadError `invalid_request` for no zone. */
export function timeIn(zone: string, now: number): string {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'full', timeStyle: 'long' });
  } catch {
    throw new MyriadError(
      'invalid_request',
      `There is no time zone "${zone.slice(0, 60)}"; use a name such as Asia/Shanghai.`,
    );
  }
  return `${format.format(now)} (${zone}); UTC ${new Date(now).toISOString()}`;
}

/** Made once: a schema is compiled once for as long as its object lives. */
const definition: ToolDefinition = {
  name: 'current_time',
  description: 'Says the present date, weekday and time, in UTC or in a given zone.',
  parameters: {
    type: 'object',
    properties: { timezone: { type: 'string', description: 'IANA zone, such as Asia/Shanghai.', maxLength: 64 } },
    additionalProperties: false,
  },
};

/** `current_time`: models do not know the date. */
export function currentTimeTool(approval: Tool['approval'], clock: Pick<Clock, 'now'>): Tool {
  return {
    approval,
    definition,
    call: async ({ timezone }) => said(timeIn(typeof timezone === 'string' ? timezone : 'UTC', clock.now())),
  };
}
