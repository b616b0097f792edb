/** Models offered for download: few, small enough for one machine, open licence, Chinese and English. */
export interface OfferedModel {
  /** Also the name of the file in the data folder: `<name>.gguf`. */
  readonly name: string;
  /** At a pinned revision, so that the bytes behind it do not change. */
  readonly url: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly licence: string;
  /** Tokens that the model was made to read. It is run with fewer, see `localModelContextTokens`. */
  readonly contextTokens: number;
  readonly languages: readonly string[];
  readonly facts: { readonly source: string; readonly date: string };
}

const qwen3 = (
  size: string,
  file: string,
  revision: string,
  facts: Pick<OfferedModel, 'sizeBytes' | 'sha256'>,
): OfferedModel => ({
  name: `qwen3-${size.toLowerCase()}`,
  url: `https://huggingface.co/Qwen/Qwen3-${size}-GGUF/resolve/${revision}/${file}`,
  licence: 'Apache-2.0',
  contextTokens: 32_768,
  languages: ['zh', 'en', '+100'],
  facts: { source: `https://huggingface.co/Qwen/Qwen3-${size}-GGUF/tree/${revision}`, date: '2026-11-24' },
  ...facts,
});

/**
 * Sizes and checksums are those of Qwen's own repositories at the revision in the address. Each was found the same in at
 * least three independent public manifests that pin the file; none was taken from one place alone.
 */
export const offeredModels: readonly OfferedModel[] = [
  qwen3('0.6B', 'Qwen3-0.6B-Q8_0.gguf', '23749fefcc72300e3a2ad315e1317431b06b590a', {
    sizeBytes: 639_446_688,
    sha256: '9465e63a22add5354d9bb4b99e90117043c7124007664907259bd16d043bb031',
  }),
  qwen3('1.7B', 'Qwen3-1.7B-Q8_0.gguf', '90862c4b9d2787eaed51d12237eafdfe7c5f6077', {
    sizeBytes: 1_834_426_016,
    sha256: '061b54daade076b5d3362dac252678d17da8c68f07560be70818cace6590cb1a',
  }),
  qwen3('4B', 'Qwen3-4B-Q4_K_M.gguf', 'bc640142c66e1fdd12af0bd68f40445458f3869b', {
    sizeBytes: 2_497_280_256,
    sha256: '7485fe6f11af29433bc51cab58009521f205840f5b4ae3a32fa7f92e8534fdf5',
  }),
  qwen3('8B', 'Qwen3-8B-Q4_K_M.gguf', '7c41481f57cb95916b40956ab2f0b139b296d974', {
    sizeBytes: 5_027_783_488,
    sha256: 'd98cdcbd03e17ce47681435b5150e34c1417f50b5c0019dd560e4882c5745785',
  }),
];
