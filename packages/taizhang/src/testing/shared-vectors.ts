import { existsSync, readFileSync } from 'node:fs';

interface SharedVectors {
  readonly vectors: readonly {
    readonly file: string;
    readonly bitstring: string;
    readonly re: number;
    readonly im: number;
  }[];
  readonly statevectorInvariants: readonly {
    readonly file: string;
    readonly entropyNats: number;
    readonly sumP2times2n: number;
  }[];
}

/** Places, from the repository's root, where the GRCS files and reference amplitudes may lie. */
const places = ['../shared/taizhang', '../../shared/taizhang', 'shared/taizhang'];

/** The reference amplitudes and a reader of circuit files, or null (said loudly) where they are not at hand. */
export function sharedVectors(): { data: SharedVectors; circuit: (file: string) => string } | null {
  const root = new URL('../../../../', import.meta.url);
  const found = places
    .map((place) => new URL(`${place}/`, root))
    .find((place) => existsSync(new URL('amplitudes.json', place)));
  if (found === undefined) {
    console.warn('SKIPPED: no shared/taizhang with GRCS circuits and reference amplitudes was found.');
    return null;
  }
  const read = (name: string) => readFileSync(new URL(name, found), 'utf8');
  return { data: JSON.parse(read('amplitudes.json')), circuit: (file) => read(`circuits/${file}`) };
}
