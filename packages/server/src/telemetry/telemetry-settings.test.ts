import { configSchema } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { telemetrySettings } from './telemetry-settings.ts';
import { readTraceparent } from './trace-context.ts';

const of = (telemetry: object, environment: Record<string, string> = {}) =>
  telemetrySettings(configSchema.parse({ telemetry }).telemetry, environment);

test('off without an endpoint, and where the standard’s own switch says so', () => {
  expect(of({})).toBeNull();
  expect(of({ endpoint: 'http://h:4318' }, { OTEL_SDK_DISABLED: 'true' })).toBeNull();
});

test('a general address is a base, one for traces is taken as it is, and the file stands before both', () => {
  expect(of({}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h:4318/' })?.url).toBe('http://h:4318/v1/traces');
  const both = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/in' };
  expect(of({}, both)?.url).toBe('http://t/in');
  expect(of({ endpoint: 'http://own' }, both)?.url).toBe('http://own/v1/traces');
});

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'nowhere'],
  ['OTEL_TRACES_SAMPLER_ARG', '7'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'novalue'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => of({}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h', [name]: value })).toThrow(name);
});

test('a header whose reference leads nowhere stops the start', () => {
  expect(() => of({ endpoint: 'http://h', headers: { authorization: 'env:GONE' } })).toThrow('GONE');
});

const id = '4bf92f3577b34da6a3ce929d0e0e4736';
test.each([
  [`00-${id}-00f067aa0ba902b7-01`, true],
  [`00-${id}-00f067aa0ba902b7-00`, false],
  [`cc-${id}-00f067aa0ba902b7-01-more`, true],
  [`00-${id}-00f067aa0ba902b7-01-more`, null],
  [`ff-${id}-00f067aa0ba902b7-01`, null],
  [`00-${id.toUpperCase()}-00f067aa0ba902b7-01`, null],
  [`00-${id}-0000000000000000-01`, null],
  [undefined, null],
])('traceparent %s: sampled %s', (header, sampled) => {
  expect(readTraceparent(header, undefined)?.sampled ?? null).toBe(sampled);
});
