import { expect, test } from 'vitest';
import { readBlobPlace } from './blob-place.ts';

const environment = {
  S3_ID: 'id',
  S3_SECRET: 'secret',
  WHOLE: 's3://b?endpoint=http://h:9000&keyId=env:S3_ID&key=env:S3_SECRET',
};

test('a bucket is read with its keys by reference', () => {
  expect(readBlobPlace('folder', environment)).toBeNull();
  const text = 's3://bucket/some/prefix/?endpoint=https://s3.example.org&region=eu&keyId=env:S3_ID&key=env:S3_SECRET';
  expect(readBlobPlace(text, environment)).toEqual({
    endpoint: 'https://s3.example.org',
    bucket: 'bucket',
    region: 'eu',
    prefix: 'some/prefix/',
    accessKey: 'id',
    secretKey: 'secret',
  });
  expect(readBlobPlace('env:WHOLE', environment)).toMatchObject({ bucket: 'b', prefix: '', region: 'us-east-1' });
});

test('keys in plain text, a missing address and a missing key are refused by name', () => {
  for (const [text, named] of [
    ['s3://b?endpoint=http://h&keyId=AKIA&key=env:S3_SECRET', 'keyId'],
    ['s3://b?keyId=env:S3_ID&key=env:S3_SECRET', 'endpoint'],
    ['s3://b?endpoint=http://h&keyId=env:S3_ID', '`key`'],
    ['ftp://b', 'folder'],
  ] as const)
    expect(() => readBlobPlace(text, environment), text).toThrow(named);
});
