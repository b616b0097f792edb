/** Failures as JSON-RPC errors. Codes: JSON-RPC 2.0 §5.1, and the MCP specification, "Error codes". */
import { asMyriadError } from '@myriad/contracts';

export const rpcCodes = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** 2025-11-25 and earlier; 2026-07-28 answers `invalidParams`. */
  resourceNotFound: -32002,
  headerMismatch: -32020,
  unsupportedVersion: -32022,
} as const;

/** A protocol error: the request could not be carried out at all. An app's own failure is a tool result instead. */
export class McpFailure extends Error {
  readonly code: number;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: number, message: string, data?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = 'McpFailure';
    this.code = code;
    this.data = data;
  }
}

/** Anything thrown as a JSON-RPC error object, with our own code and the HTTP status among its data. */
export function toRpcError(thrown: unknown): { code: number; message: string; data?: object } {
  if (thrown instanceof McpFailure)
    return { code: thrown.code, message: thrown.message, ...(thrown.data ? { data: thrown.data } : {}) };
  const error = asMyriadError(thrown);
  const { status, kind } = error.class;
  const code =
    status === 404 || error.code === 'invalid_request'
      ? rpcCodes.invalidParams
      : kind === 'caller'
        ? rpcCodes.invalidRequest
        : rpcCodes.internal;
  return { code, message: error.message, data: { code: error.code, status } };
}
