import { readFileSync } from 'node:fs';
import { MyriadError } from '@myriad/contracts';
import type { Environment } from '../read-environment.ts';

export const referencePattern = /^(env:[A-Z0-9_]+|file:\/.+)$/;

/** Reads a secret by reference (`env:NAME`, `file:/path`). @throws MyriadError `upstream_auth` naming the reference, never the value. */
export function resolveSecret(reference: string, environment: Environment): string {
  if (reference.startsWith('env:')) {
    const value = environment[reference.slice(4)];
    if (value) return value;
    throw new MyriadError(
      'upstream_auth',
      `The key is to be read from the environment variable ${reference.slice(4)}, which is not set.`,
      { facts: { reference } },
    );
  }
  try {
    const value = readFileSync(reference.slice(5), 'utf8').trim();
    if (value) return value;
  } catch (cause) {
    throw new MyriadError('upstream_auth', `The key is to be read from ${reference.slice(5)}, which cannot be read.`, {
      cause,
      facts: { reference },
    });
  }
  throw new MyriadError('upstream_auth', `The key is to be read from ${reference.slice(5)}, which is empty.`, {
    facts: { reference },
  });
}
