import { MyriadError } from '@myriad/contracts';

/** A limit of the call ran out. Facts: `phase` and `limitMs`. */
export function limitFailure(phase: string, limitMs: number): MyriadError {
  return new MyriadError('upstream_timeout', `The model server passed the ${phase} limit of ${limitMs} ms.`, {
    facts: { phase, limitMs },
  });
}

/**
 * Puts a name to what the network did. The cause is reduced to its code: errors of a client can carry headers, and with
 * them a key.
 *
 * @param answered Whether status and headers had already come.
 */
export function transportFailure(error: Error, answered: boolean): MyriadError {
  const code = String((error as { code?: unknown }).code ?? error.name);
  const facts = { cause: code };
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW')
    return new MyriadError('upstream_protocol', `The model server broke HTTP (${code}).`, { facts });
  if (answered) return new MyriadError('upstream_cut', `The model server cut the answer off (${code}).`, { facts });
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE')
    return new MyriadError(
      'upstream_unavailable',
      `The model server closed the connection without an answer (${code}).`,
      {
        facts,
      },
    );
  if (code === 'UND_ERR_INVALID_ARG')
    return new MyriadError('invalid_request', 'The address or key of the model server is not usable in HTTP.', {
      facts,
    });
  return new MyriadError('upstream_unavailable', `The model server cannot be reached (${code}).`, { facts });
}
