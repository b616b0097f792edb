import { BlockList, isIP } from 'node:net';

/**
 * Ranges that are not the public internet: IANA's special-purpose registries (IPv4 and IPv6) and the cloud metadata
 * addresses. Everything in IPv6 outside 2000::/3 (global unicast) is refused as well.
 */
const ranges4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Metadata services at public-looking addresses: Azure's wire server, Alibaba Cloud (inside 100.64/10 as well).
  ['168.63.129.16', 32],
] as const;
const ranges6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const blocked4 = new BlockList();
for (const [network, bits] of ranges4) blocked4.addSubnet(network, bits, 'ipv4');
const blocked6 = new BlockList();
for (const [network, bits] of ranges6) blocked6.addSubnet(network, bits, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** The 16 bytes of an IPv6 address, as the platform's own parser writes it out. */
function bytesOf(address: string): number[] {
  const [head = '', tail] = address.toLowerCase().split('::');
  const words = (part: string | undefined): number[] =>
    (part ?? '')
      .split(':')
      .filter(Boolean)
      .flatMap((word) => {
        if (!word.includes('.')) return [Number.parseInt(word, 16)];
        const [a = 0, b = 0, c = 0, d = 0] = word.split('.').map(Number);
        return [a * 256 + b, c * 256 + d];
      });
  const front = words(head);
  const back = words(tail);
  const middle = tail === undefined ? [] : new Array(Math.max(0, 8 - front.length - back.length)).fill(0);
  return [...front, ...middle, ...back].flatMap((word) => [word >> 8, word & 255]);
}

/** IPv4 address carried inside an IPv6 one: mapped, compatible or translated (64:ff9b::/96); null otherwise. */
function embedded4(address: string): string | null {
  const bytes = bytesOf(address);
  const leading = (from: number, to: number, value: number) => bytes.slice(from, to).every((byte) => byte === value);
  const tail = bytes.slice(12).join('.');
  if (leading(0, 10, 0) && (leading(10, 12, 255) || leading(10, 12, 0))) return tail;
  if (leading(0, 8, 0) && leading(8, 10, 255) && leading(10, 12, 0)) return tail;
  const translated = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];
  return translated.every((byte, index) => bytes[index] === byte) ? tail : null;
}

/** Whether an IP address lies outside the public internet. What is no address at all is blocked. */
export function isBlockedAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 4) return blocked4.check(bare, 'ipv4');
  if (family !== 6) return true;
  const inner = embedded4(bare);
  if (inner !== null) return blocked4.check(inner, 'ipv4');
  return !global6.check(bare, 'ipv6') || blocked6.check(bare, 'ipv6');
}
