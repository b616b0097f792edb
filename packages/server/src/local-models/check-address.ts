/** Which addresses a download may ask: https anywhere; in the clear only where the operator said so. */
import { MyriadError } from '@myriad/contracts';

export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** An own entry may be https, or http on this machine. @throws MyriadError `config_invalid`. */
export function checkOperatorAddress(url: string, where: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || isLoopbackHost(hostname)) return;
  throw new MyriadError('config_invalid', `${where}: ${url} is not https; http is for this machine only.`);
}

/**
 * Where a redirect may lead: to any https host, or back to the host that the operator named (a mirror may speak http).
 * It may not turn to this machine unless the operator's own address is there, so that no file server can make the node
 * call its neighbours.
 *
 * @throws MyriadError `address_blocked`.
 */
export function checkHop(next: URL, operatorUrl: URL): void {
  if (next.host === operatorUrl.host && next.protocol === operatorUrl.protocol) return;
  if (next.username || next.password)
    throw new MyriadError('address_blocked', `The download was led to ${next.host} with a sign-in in the address.`);
  const home = isLoopbackHost(operatorUrl.hostname);
  if (isLoopbackHost(next.hostname)) {
    if (home) return;
    throw new MyriadError('address_blocked', `The download was led from ${operatorUrl.host} to this machine.`);
  }
  if (next.protocol !== 'https:')
    throw new MyriadError(
      'address_blocked',
      `The download was led from ${operatorUrl.host} to ${next.protocol}//${next.host}, which is not https.`,
    );
}
