import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Jieba } from '@node-rs/jieba';

let loaded: Jieba | null = null;

/**
 * The Chinese dictionary, read at the first Chinese word and kept: 0.2 s and about 60 MB. A node that never meets
 * Chinese text never pays for it.
 */
export function loadJieba(): Jieba {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  const native = require('@node-rs/jieba') as typeof import('@node-rs/jieba');
  // The package's own `dict` module reads the idf table too, which nothing here needs.
  const dictionary = readFileSync(join(dirname(require.resolve('@node-rs/jieba')), 'dict.txt'));
  loaded = native.Jieba.withDict(dictionary);
  return loaded;
}
