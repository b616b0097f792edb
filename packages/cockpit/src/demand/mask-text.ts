const masks: readonly (readonly [RegExp, string])[] = [
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[e-mail]'],
  [/\bhttps?:\/\/\S+/g, '[address]'],
  [/\b(sk|key|tok|ghp|xox[abp])[-_][A-Za-z0-9_-]{8,}/g, '[secret]'],
  // card, account, identity and phone numbers: seven digits or more, however they are spaced
  [/\+?\d(?:[ -]?\d){6,}[\dXx]?/g, '[number]'],
];

/** A text with what could tell of a person or open a door replaced by what it was. */
export function maskText(text: string): string {
  return masks.reduce((masked, [pattern, word]) => masked.replace(pattern, word), text);
}
