/** Finds model servers on this machine, on their customary ports. */
import type { DetectedServer, UpstreamModel } from '@myriad/contracts';
import { MyriadError } from '@myriad/contracts';
import { asText, at } from '../dialect/json-value.ts';
import type { Http } from '../http/http.ts';
import { openHttp } from '../http/open-http.ts';
import { parseJson, readBody } from '../http/read-body.ts';
import { readModels } from '../openai-compatible/read-models.ts';

/** What a port usually means; the answer itself decides. */
export interface Probe {
  readonly provider: 'ollama' | 'lmstudio' | 'vllm' | 'llama-server';
  readonly port: number;
  /** A loopback address; 127.0.0.1 unless said. */
  readonly host?: string;
}

export const customaryProbes: readonly Probe[] = [
  { provider: 'ollama', port: 11434 },
  { provider: 'lmstudio', port: 1234 },
  { provider: 'vllm', port: 8000 },
  { provider: 'llama-server', port: 8080 },
];

/** A local server found, with how each model is called there. */
export type LocalServer = Omit<DetectedServer, 'attached'> & { readonly details: readonly UpstreamModel[] };

const loopback = /^(?:127(?:\.\d{1,3}){3}|localhost|::1|\[::1\])$/;

/**
 * Asks each port for its models, all at once; a port that is closed, slow or speaks something else is not a server. Nothing
 * but a list of models is asked, and nothing is attached.
 *
 * @param limitMs Time for the whole of one probe.
 * @throws MyriadError `address_blocked` when a probe's host is not a loopback address.
 */
export async function discoverLocalServers(
  options: {
    /** A pool to use; one of its own is opened and closed otherwise. */
    readonly http?: Http;
    readonly probes?: readonly Probe[];
    readonly limitMs?: number;
    readonly signal?: AbortSignal;
  } = {},
): Promise<readonly LocalServer[]> {
  const probes = options.probes ?? customaryProbes;
  for (const { host } of probes)
    if (host !== undefined && !loopback.test(host))
      throw new MyriadError('address_blocked', `${host} is not on this machine.`, { facts: { host } });
  const http = options.http ?? openHttp();
  const signal = options.signal ?? new AbortController().signal;
  try {
    const found = await Promise.all(probes.map((probe) => ask(http, probe, options.limitMs ?? 700, signal)));
    return found.filter((server) => server !== null);
  } finally {
    if (!options.http) await http.close();
  }
}

async function ask(http: Http, probe: Probe, limitMs: number, signal: AbortSignal): Promise<LocalServer | null> {
  const host = probe.host ?? '127.0.0.1';
  const baseUrl = `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${probe.port}/v1`;
  try {
    const answer = await http.call({
      method: 'GET',
      url: `${baseUrl}/models`,
      headers: { accept: 'application/json' },
      options: {
        signal,
        stream: false,
        timeouts: { connectMs: limitMs, firstTokenMs: limitMs, chunkGapMs: limitMs, totalMs: limitMs },
      },
      awaitsToken: false,
    });
    const text = await readBody(answer.body, 4 << 20);
    const json = parseJson(text);
    if (answer.status !== 200 || !Array.isArray(at(json, 'data'))) return null;
    const details = readModels(json);
    return {
      provider: providerOf(json, answer.headers, probe),
      baseUrl,
      models: details.map((model) => model.name),
      details,
    };
  } catch {
    return null;
  }
}

/** Each server signs its list: `owned_by`, or the `server` header. */
function providerOf(json: unknown, headers: Readonly<Record<string, string>>, probe: Probe): string {
  const first = (at(json, 'data') as readonly unknown[])[0];
  const owner = asText(at(first, 'owned_by')) ?? '';
  if (owner === 'vllm') return 'vllm';
  if (owner === 'llamacpp' || /llama\.cpp/i.test(headers.server ?? '')) return 'llama-server';
  if (owner === 'organization_owner') return 'lmstudio';
  return probe.provider;
}
