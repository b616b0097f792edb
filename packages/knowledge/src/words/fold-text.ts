/** Compatibility forms, full-width letters and case folded into one, so that `ＡＢＣ`, `Abc` and `abc` are the same word. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
