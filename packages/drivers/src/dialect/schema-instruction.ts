import type { ResponseFormat } from '@myriad/contracts';

/** Words that stand in for a JSON Schema where a provider can only be told in the instructions. */
export function schemaInstruction(format: Extract<ResponseFormat, { type: 'jsonSchema' }>): string {
  const about = format.description ? ` (${format.description})` : '';
  return (
    `Answer with one JSON object named ${format.name}${about} and nothing else: no prose, no code fence. ` +
    `It must be valid against this JSON Schema:\n${JSON.stringify(format.schema)}`
  );
}
