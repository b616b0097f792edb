import type { FailureCode, ModelEndpoint, MyriadError } from '@myriad/contracts';
import { asRecord, asText, at, type JsonRecord } from '../dialect/json-value.ts';
import { requestIdOf, retryAfterOf, upstreamFailure } from '../dialect/upstream-failure.ts';

/** https://platform.claude.com/docs/en/api/errors */
const statuses: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

const codes: Readonly<Record<string, FailureCode>> = {
  overloaded_error: 'upstream_overloaded',
  rate_limit_error: 'upstream_rate_limited',
  authentication_error: 'upstream_auth',
  billing_error: 'upstream_auth',
  permission_error: 'upstream_auth',
  timeout_error: 'upstream_timeout',
};

export function readRefusals(endpoint: ModelEndpoint, apiKey: string | null, nowMs: () => number) {
  const context = { provider: 'anthropic', model: endpoint.upstreamModel, apiKey, codes };
  return {
    byStatus(status: number, headers: Readonly<Record<string, string>>, bodyText: string): MyriadError {
      const body = tryParse(bodyText);
      const type = asText(at(body, 'error', 'type'));
      return upstreamFailure(
        {
          status,
          codes: type ? [type] : [],
          message: asText(at(body, 'error', 'message')) ?? '',
          requestId: requestIdOf(headers) ?? asText(at(body, 'request_id')),
          retryAfterMs: retryAfterOf(headers, nowMs()),
        },
        context,
      );
    },
    inside(json: JsonRecord): MyriadError | null {
      const error = asRecord(json.error);
      return error || json.type === 'error' ? insideOf(json) : null;
    },
    insideOf,
  };

  function insideOf(json: JsonRecord): MyriadError {
    const type = asText(at(json.error, 'type')) ?? 'api_error';
    return upstreamFailure(
      {
        status: statuses[type] ?? 500,
        codes: [type],
        message: asText(at(json.error, 'message')) ?? '',
        requestId: asText(json.request_id),
      },
      context,
    );
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
