/** Check digits that tell an identity, card or company number from any other number. */

/** Luhn's check digit (ISO/IEC 7812-1 annex B). */
export function passesLuhn(text: string): boolean {
  let sum = 0;
  let place = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) continue;
    const counted = place % 2 === 1 ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
    place += 1;
  }
  return sum % 10 === 0;
}

/** First two digits of a region code (GB/T 2260), with the permits of Hong Kong, Macao and Taiwan residents. */
const regions = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91'.split(
    ' ',
  ),
);
const residentWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A resident identity number: region, a date that exists, and the check character (GB 11643-1999, ISO 7064 MOD 11-2). */
export function isResidentNumber(text: string): boolean {
  const number = text.replace(/[ -]/g, '').toUpperCase();
  if (number.length !== 18 || !regions.has(number.slice(0, 2))) return false;
  const year = Number(number.slice(6, 10));
  const month = Number(number.slice(10, 12));
  const day = Number(number.slice(12, 14));
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1850 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
  const sum = residentWeights.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return '10X98765432'[sum % 11] === number[17];
}

const companyAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A unified social credit code (GB 32100-2015): weights 3^i modulo 31 over an alphabet without I, O, S, V, Z. */
export function isCompanyCode(text: string): boolean {
  if (text.length !== 18) return false;
  let sum = 0;
  let weight = 1;
  for (let at = 0; at < 17; at += 1) {
    const value = companyAlphabet.indexOf(text[at] as string);
    if (value < 0) return false;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return companyAlphabet[(31 - (sum % 31)) % 31] === text[17];
}

/** A card number: its length belongs to its first digits (ISO/IEC 7812 issuer ranges in use) and Luhn holds. */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (/^(\d)\1+$/.test(digits) || !passesLuhn(digits)) return false;
  if (digits.length < 15) return digits.length === 13 ? digits.startsWith('4') : /^3(?:0[0-5]|[689])/.test(digits);
  if (digits.length === 15) return /^3[47]/.test(digits);
  return /^(?:[3-6]|2[2-7]|81|9)/.test(digits);
}

/** Shannon entropy of the characters, in bits a character. */
export function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
