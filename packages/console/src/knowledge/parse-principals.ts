/** Principals as people write them: separated by commas, spaces or semicolons, in either width; no doubles. */
export function parsePrincipals(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,，;；、]+/).filter(Boolean))];
}
