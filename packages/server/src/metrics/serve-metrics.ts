/** `GET /metrics`, for the operator's token or a key with the scope `admin`: labels name apps and models. */
import type { House } from '../house.ts';
import { allow, authenticate, type Exchange } from '../v1/exchange.ts';

export async function serveMetrics(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  allow(house, subject, 'settings.manage', { type: 'house' });
  const text = await house.meters.expose(house.kernel);
  exchange.response.writeHead(200, { 'content-type': house.meters.contentType, 'cache-control': 'no-store' }).end(text);
}
