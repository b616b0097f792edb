import { MyriadError } from '@myriad/contracts';
import type { S3BlobOptions } from '@myriad/store';
import { referencePattern, resolveSecret } from './models/resolve-secret.ts';
import type { Environment } from './read-environment.ts';

/**
 * Where bytes lie, from `blobs` of the configuration; null for the data folder.
 *
 * @throws MyriadError `config_invalid` naming what is missing; keys stand there by reference only.
 */
export function readBlobPlace(setting: string, environment: Environment): S3BlobOptions | null {
  const text = referencePattern.test(setting) ? resolveSecret(setting, environment) : setting;
  if (text === 'folder') return null;
  const wrong = (why: string) => new MyriadError('config_invalid', `blobs: ${why}.`, { facts: { path: 'blobs' } });
  const match = /^s3:\/\/([^/?]+)(?:\/([^?]*))?\?(.+)$/.exec(text);
  if (!match) throw wrong('expected `folder` or `s3://bucket?endpoint=…&keyId=env:NAME&key=env:NAME`');
  const [, bucket = '', path = '', query = ''] = match;
  const values = new URLSearchParams(query);
  const endpoint = values.get('endpoint') ?? '';
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint))
    throw wrong('`endpoint` has to be an http or https address');
  const secret = (name: string): string => {
    const reference = values.get(name) ?? '';
    if (!referencePattern.test(reference)) throw wrong(`\`${name}\` has to be a reference, env:NAME or file:/path`);
    return resolveSecret(reference, environment);
  };
  const prefix = path.replace(/^\/+|\/+$/g, '');
  return {
    endpoint,
    bucket,
    region: values.get('region') ?? 'us-east-1',
    prefix: prefix === '' ? '' : `${prefix}/`,
    accessKey: secret('keyId'),
    secretKey: secret('key'),
  };
}
