/** The only file of the house that reads the process environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A copy, so that nothing that changes later can change a decision taken at the start. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
