/** One step forward of the schema. A released migration is never changed; what comes later is a new file. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** Statements for a database of this kind, applied in one transaction with the version's own record. */
  readonly statements: (kind: 'sqlite' | 'postgres') => readonly string[];
}
