/** Tools that every manifest may name without a server. */
export const builtinToolNames = [
  'knowledge_search',
  'calculator',
  'current_time',
  'fetch_page',
  'quantum_run',
] as const;

export type BuiltinToolName = (typeof builtinToolNames)[number];
