import type { FailureCode, ModelEndpoint, MyriadError } from '@myriad/contracts';
import { asCount, asList, asRecord, asText, at, type JsonRecord } from '../dialect/json-value.ts';
import { requestIdOf, retryAfterOf, upstreamFailure } from '../dialect/upstream-failure.ts';

/** https://ai.google.dev/gemini-api/docs/troubleshooting; a bad key comes as 400 with the reason API_KEY_INVALID. */
const codes: Readonly<Record<string, FailureCode>> = {
  API_KEY_INVALID: 'upstream_auth',
  PERMISSION_DENIED: 'upstream_auth',
  UNAUTHENTICATED: 'upstream_auth',
  RESOURCE_EXHAUSTED: 'upstream_rate_limited',
  UNAVAILABLE: 'upstream_overloaded',
  DEADLINE_EXCEEDED: 'upstream_timeout',
  INTERNAL: 'upstream_error',
  NOT_FOUND: 'upstream_rejected',
};

export function readRefusals(endpoint: ModelEndpoint, apiKey: string | null, nowMs: () => number) {
  const context = { provider: 'gemini', model: endpoint.upstreamModel, apiKey, codes };

  function named(error: JsonRecord | null, status: number, headers: Readonly<Record<string, string>>): MyriadError {
    const details = asList(error?.details);
    const reason = details.map((detail) => asText(at(detail, 'reason'))).find((text) => text);
    const delay = details.map((detail) => asText(at(detail, 'retryDelay'))).find((text) => text);
    const seconds = delay ? Number.parseFloat(delay) : Number.NaN;
    return upstreamFailure(
      {
        status,
        codes: [reason, asText(error?.status)].filter((code) => typeof code === 'string'),
        message: asText(error?.message) ?? '',
        requestId: requestIdOf(headers),
        retryAfterMs:
          retryAfterOf(headers, nowMs()) ?? (Number.isFinite(seconds) ? Math.ceil(seconds * 1000) : undefined),
      },
      context,
    );
  }

  return {
    byStatus(status: number, headers: Readonly<Record<string, string>>, bodyText: string): MyriadError {
      return named(errorOf(tryParse(bodyText)), status, headers);
    },
    inside(json: JsonRecord): MyriadError | null {
      const error = errorOf(json);
      return error ? named(error, asCount(error.code) ?? 500, {}) : null;
    },
  };
}

function errorOf(body: unknown): JsonRecord | null {
  return asRecord(at(Array.isArray(body) ? body[0] : body, 'error'));
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
