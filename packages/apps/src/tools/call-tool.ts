import { asMyriadError, type ToolCall } from '@myriad/contracts';
import { schemaFault } from '../context/check-schema.ts';
import type { Tool, ToolOutcome } from './tool.ts';

const toolMs = 60_000;
const shownCharacters = 40_000;

const failed = (text: string): ToolOutcome => ({ text, isError: true, untrusted: false });

function readArguments(call: ToolCall): Readonly<Record<string, unknown>> | string {
  if (call.argumentsJson.trim() === '') return {};
  try {
    const args: unknown = JSON.parse(call.argumentsJson);
    if (args && typeof args === 'object' && !Array.isArray(args)) return args as Record<string, unknown>;
    return 'The arguments must be one JSON object.';
  } catch {
    return 'The arguments are not valid JSON. Send them again.';
  }
}

/**
 * Runs one call of a model. Whatever goes wrong becomes a result that the model can read and answer to; only the caller's
 * going away is thrown.
 */
export async function callTool(tool: Tool, call: ToolCall, signal: AbortSignal): Promise<ToolOutcome> {
  const args = readArguments(call);
  if (typeof args === 'string') return failed(args);
  try {
    const fault = schemaFault(tool.definition.parameters, args);
    if (fault) return failed(`The arguments do not fit: ${fault}`);
    const outcome = await tool.call(args, AbortSignal.any([signal, AbortSignal.timeout(toolMs)]));
    if (outcome.text.length <= shownCharacters) return outcome;
    return { ...outcome, text: `${outcome.text.slice(0, shownCharacters)}\n… (cut)` };
  } catch (cause) {
    if (signal.aborted) throw cause;
    const error = asMyriadError(cause);
    return failed(error.code === 'internal' ? 'The tool broke.' : error.message);
  }
}
