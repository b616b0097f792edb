import { MyriadError } from '@myriad/contracts';

/** @throws MyriadError `upstream_auth` for a key that cannot stand in an HTTP header (line breaks, spaces, non-ASCII). */
export function checkKey(apiKey: string | null, provider: string): void {
  if (apiKey === null) return;
  if (apiKey !== '' && /^[\x21-\x7e]+$/.test(apiKey)) return;
  throw new MyriadError(
    'upstream_auth',
    apiKey === ''
      ? `The key of ${provider} is empty.`
      : `The key of ${provider} has a space, a line break or a character that no key has.`,
    { facts: { provider } },
  );
}
