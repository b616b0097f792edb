import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { MyriadError } from '@myriad/contracts';
import { Agent, buildConnector } from 'undici';
import { isBlockedAddress } from './blocked-address.ts';

export interface GuardOptions {
  /** Lets private addresses through, for servers that the operator named. */
  readonly allowPrivate?: boolean;
  /** Instead of the system's resolver, in tests. */
  readonly lookup?: LookupFunction;
  /** Instead of `isBlockedAddress`, in tests that serve from loopback. */
  readonly isBlocked?: (address: string) => boolean;
  readonly connectTimeoutMs?: number;
}

const blocked = (host: string) =>
  new MyriadError('address_blocked', `${host.slice(0, 200)} is not on the public internet.`, {
    facts: { host: host.slice(0, 200) },
  });

/**
 * An undici agent that reaches the public internet only. Addresses are checked when a name is resolved and again at the
 * connected socket, before a byte is sent, so neither a literal address nor a name that changes its answer gets through.
 */
export function guardedAgent(options: GuardOptions = {}): Agent {
  const isBlocked = options.isBlocked ?? isBlockedAddress;
  const resolve = options.lookup ?? (systemLookup as LookupFunction);
  const refuses = (address: string) => !options.allowPrivate && isBlocked(address);
  const guardedLookup: LookupFunction = (host, lookupOptions, callback) =>
    resolve(host, { ...lookupOptions, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const list = addresses as unknown as { address: string; family: number }[];
      // One blocked answer refuses the name: a name with both kinds of address is a trick, not a site.
      if (list.length === 0 || list.some(({ address }) => refuses(address))) {
        return callback(blocked(host) as NodeJS.ErrnoException, []);
      }
      const first = list[0] as { address: string; family: number };
      return lookupOptions.all ? callback(null, list as never) : callback(null, first.address, first.family);
    });
  const connect = buildConnector({ timeout: options.connectTimeoutMs ?? 5_000, lookup: guardedLookup } as never);
  return new Agent({
    connections: 16,
    keepAliveTimeout: 1_000,
    connect(target, callback) {
      const host = target.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) && refuses(host)) return callback(blocked(host), null);
      return connect(target, (error, socket) => {
        if (error || !socket) return callback(error ?? new Error('no socket'), null);
        const address = socket.remoteAddress ?? '';
        if (refuses(address)) {
          socket.destroy();
          return callback(blocked(host), null);
        }
        return callback(null, socket);
      });
    },
  });
}
