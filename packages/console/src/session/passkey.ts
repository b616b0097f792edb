import { errorOfResponse } from '@myriad/sdk';
import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { myriad } from '../api/client.ts';

export interface PasskeyRow {
  readonly id: string;
  readonly name?: string | null;
  readonly createdAt?: string | null;
}

/** One call of the passkey routes under `/api/auth/passkey/`. */
async function ask<T>(method: 'GET' | 'POST', name: string, body?: unknown): Promise<T> {
  const response = await fetch(myriad.url(`/api/auth/passkey/${name}`), {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...myriad.headers(method),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await errorOfResponse(response);
  return (await response.json()) as T;
}

export function passkeysWork(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && globalThis.isSecureContext;
}

/** Signs in with a passkey that the browser offers; the session's cookie is set by the answer. */
export async function signInWithPasskey(): Promise<void> {
  type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];
  const optionsJSON = await ask<Options>('GET', 'generate-authenticate-options');
  const { clientExtensionResults: _, ...response } = await startAuthentication({ optionsJSON });
  await ask('POST', 'verify-authentication', { response });
}

export async function addPasskey(name: string): Promise<void> {
  type Options = Parameters<typeof startRegistration>[0]['optionsJSON'];
  const optionsJSON = await ask<Options>('GET', 'generate-register-options');
  const { clientExtensionResults: _, ...response } = await startRegistration({ optionsJSON });
  await ask('POST', 'verify-registration', { response, name });
}

export const listPasskeys = () => ask<readonly PasskeyRow[]>('GET', 'list-user-passkeys');
export const removePasskey = (id: string) => ask<unknown>('POST', 'delete-passkey', { id });
