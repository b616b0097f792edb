import type { IncomingHttpHeaders } from 'node:http';
import type { RequestIdentity } from '@myriad/contracts';

/** Facts of a node request that sign-in needs. */
export function identityOf(headers: IncomingHttpHeaders, ip: string): RequestIdentity {
  const apiKey = headers['x-api-key'];
  return {
    authorization: headers.authorization ?? null,
    cookie: headers.cookie ?? null,
    apiKey: typeof apiKey === 'string' ? apiKey : null,
    origin: headers.origin ?? null,
    host: headers.host ?? null,
    ip,
    userAgent: headers['user-agent'] ?? '',
  };
}

/** The same from a fetch-style request. */
export function identityOfRequest(request: Request, ip: string): RequestIdentity {
  const header = (name: string) => request.headers.get(name);
  return {
    authorization: header('authorization'),
    cookie: header('cookie'),
    apiKey: header('x-api-key'),
    origin: header('origin'),
    host: header('host'),
    ip,
    userAgent: header('user-agent') ?? '',
  };
}
