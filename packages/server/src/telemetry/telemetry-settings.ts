/** Where traces go: the `telemetry:` settings, and where they are silent, OpenTelemetry's own variables. */
import { type Config, MyriadError } from '@myriad/contracts';
import { resolveSecret } from '../models/resolve-secret.ts';
import type { Environment } from '../read-environment.ts';

export interface TelemetrySettings {
  /** Full address of the receiver's traces. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sampleRatio: number;
  readonly content: boolean;
  readonly serviceName: string;
}

/**
 * @returns null when traces are off, which they are without an endpoint.
 * @throws MyriadError `config_invalid` for a variable that cannot be read, `upstream_auth` for a header whose reference
 * leads nowhere.
 */
export function telemetrySettings(config: Config['telemetry'], environment: Environment): TelemetrySettings | null {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return null;
  const url = config.endpoint ? beneath(config.endpoint) : urlOf(environment);
  if (url === null) return null;
  const headers: Record<string, string> = {
    ...headersOf('OTEL_EXPORTER_OTLP_HEADERS', environment),
    ...headersOf('OTEL_EXPORTER_OTLP_TRACES_HEADERS', environment),
  };
  for (const [name, reference] of Object.entries(config.headers)) headers[name] = resolveSecret(reference, environment);
  return {
    url,
    headers,
    sampleRatio: config.sampleRatio ?? ratioOf(environment),
    content: config.content,
    serviceName: config.serviceName ?? (environment.OTEL_SERVICE_NAME || 'myriad'),
  };
}

const beneath = (base: string) => `${base.replace(/\/+$/, '')}/v1/traces`;

/** The address for traces is taken as it is; the general one is a base, as the OTLP exporter's specification says. */
function urlOf(environment: Environment): string | null {
  for (const name of ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT']) {
    const value = environment[name];
    if (!value) continue;
    if (!/^https?:\/\//.test(value) || !URL.canParse(value)) throw invalid(name, 'an http or https address', value);
    return name.includes('TRACES') ? value : beneath(value);
  }
  return null;
}

/** `name=value` by commas, values percent-encoded, as baggage is written. */
function headersOf(name: string, environment: Environment): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of (environment[name] ?? '').split(',')) {
    if (pair.trim() === '') continue;
    const at = pair.indexOf('=');
    // The value may be a secret, so it is not repeated.
    if (at < 1) throw invalid(name, '`name=value` pairs by commas', null);
    try {
      headers[pair.slice(0, at).trim()] = decodeURIComponent(pair.slice(at + 1).trim());
    } catch {
      throw invalid(name, 'percent-encoded values', null);
    }
  }
  return headers;
}

function ratioOf(environment: Environment): number {
  const text = environment.OTEL_TRACES_SAMPLER_ARG;
  if (!text) return 1;
  const ratio = Number(text);
  if (!(ratio >= 0 && ratio <= 1)) throw invalid('OTEL_TRACES_SAMPLER_ARG', 'a number from 0 to 1', text);
  return ratio;
}

function invalid(name: string, expected: string, got: string | null): MyriadError {
  return new MyriadError('config_invalid', `${name}: expected ${expected}${got === null ? '' : `, got "${got}"`}.`, {
    facts: { path: name },
  });
}
