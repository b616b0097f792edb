import type { ModelEndpoint, MyriadError } from '@myriad/contracts';
import { asCode, asCount, asRecord, asText, at, type JsonRecord } from '../dialect/json-value.ts';
import { requestIdOf, retryAfterOf, upstreamFailure } from '../dialect/upstream-failure.ts';
import type { Quirk } from './quirks/quirk.ts';

/** The two ways a provider of this dialect refuses: by status, and inside a 200. */
export interface RefusalReader {
  byStatus(status: number, headers: Readonly<Record<string, string>>, bodyText: string): MyriadError;
  inside(json: JsonRecord): MyriadError | null;
}

interface Told {
  readonly codes: readonly string[];
  readonly message: string;
  readonly status: number | null;
}

/**
 * @param nowMs UTC milliseconds, for `retry-after` dates.
 */
export function readRefusals(
  endpoint: ModelEndpoint,
  quirk: Quirk,
  apiKey: string | null,
  nowMs: () => number,
): RefusalReader {
  const context = { provider: quirk.id, model: endpoint.upstreamModel, apiKey, codes: quirk.errors };
  return {
    byStatus(status, headers, bodyText) {
      const told = toldIn(tryParse(bodyText));
      return upstreamFailure(
        {
          status,
          codes: told?.codes ?? [],
          message: told?.message ?? '',
          requestId: requestIdOf(headers),
          retryAfterMs: retryAfterOf(headers, nowMs()),
        },
        context,
      );
    },
    inside(json) {
      const told = toldIn(json);
      if (!told) return null;
      return upstreamFailure(
        { status: told.status ?? 0, codes: told.codes, message: told.message, requestId: asText(json.id) },
        context,
      );
    },
  };
}

/**
 * Finds the error: OpenAI's `error` object (a bare string at some local servers), MiniMax's `base_resp`, the older
 * `error_code`/`error_msg` and `code`/`message` at the top.
 */
function toldIn(json: unknown): Told | null {
  const body = asRecord(Array.isArray(json) ? json[0] : json);
  if (!body) return null;
  const error = body.error ?? at(body, 'data', 'error');
  if (typeof error === 'string' && error !== '') return { codes: [], message: error, status: null };
  const object = asRecord(error);
  if (object) return told(object);
  const base = asRecord(body.base_resp);
  const baseCode = asCode(base?.status_code);
  if (base && baseCode !== null && baseCode !== '0')
    return { codes: [baseCode], message: asText(base.status_msg) ?? '', status: null };
  if (body.choices !== undefined) return null;
  const code = asCode(body.error_code) ?? asCode(body.code);
  const message = asText(body.error_msg) ?? asText(body.message) ?? asText(body.msg) ?? asText(body.detail);
  if ((code === null && message === null) || code === '0') return null;
  return { codes: code === null ? [] : [code], message: message ?? '', status: statusFrom(code) };
}

function told(error: JsonRecord): Told {
  const inner = asCode(at(error.innererror, 'code')) ?? asCode(at(error.metadata, 'error_type'));
  const codes = [asCode(error.code), asCode(error.type), inner].filter((code) => code !== null);
  return { codes, message: asText(error.message) ?? '', status: asCount(error.status) ?? statusFrom(codes[0] ?? null) };
}

/** A code that is an HTTP status, as OpenRouter and llama.cpp give it. */
function statusFrom(code: string | null): number | null {
  return code !== null && /^[45]\d\d$/.test(code) ? Number(code) : null;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
