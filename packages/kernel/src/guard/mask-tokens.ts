/** Masks of one run: the same value always reads the same, so that a model can still speak of it. Not reversible. */

export interface MaskTokens {
  /** Such as `[phone 1]`. */
  tokenOf(kind: string, value: string): string;
}

function sameness(kind: string, value: string): string {
  if (kind === 'phone') return value.replace(/\D/g, '').replace(/^(?:00)?86(?=1[3-9]\d{9}$|0\d{9,11}$)/, '');
  return value.replace(/[\s-]/g, '').toLowerCase();
}

export function createMaskTokens(): MaskTokens {
  const numbers = new Map<string, Map<string, number>>();
  return {
    tokenOf(kind, value) {
      let known = numbers.get(kind);
      if (!known) {
        known = new Map();
        numbers.set(kind, known);
      }
      const same = sameness(kind, value);
      let number = known.get(same);
      if (number === undefined) {
        number = known.size + 1;
        known.set(same, number);
      }
      return `[${kind} ${number}]`;
    },
  };
}
