/**
 * Text of bytes whose encoding nobody said: byte order mark, UTF-16 by its zero bytes, strict UTF-8, then the legacy
 * Chinese, Japanese and Korean encodings by how common their characters come out, then Windows-1252.
 *
 * @param declared Encoding named by the file or its carrier, tried first; a wrong or unknown name is passed over.
 */
export function decodeText(bytes: Uint8Array, declared?: string): { readonly text: string; readonly encoding: string } {
  const marked = byteOrderMark(bytes);
  if (marked) return decode(bytes, marked);
  const wide = looksLikeUtf16(bytes);
  if (wide) return decode(bytes, wide);
  for (const encoding of [...(declared ? [declared] : []), 'utf-8']) {
    const strict = tryDecode(bytes, encoding);
    if (strict !== null) return { text: strict, encoding: encoding.toLowerCase() };
  }
  return decode(bytes, likeliestLegacy(bytes));
}

function decode(bytes: Uint8Array, encoding: string): { text: string; encoding: string } {
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

function tryDecode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function byteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

/** Latin text in UTF-16 has a zero in every other byte. */
export function looksLikeUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const sample = bytes.subarray(0, 4_096);
  if (sample.length < 4) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < sample.length; at += 1) {
    if (sample[at] !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  const half = sample.length / 2;
  if (odd > half * 0.3 && even < half * 0.05) return 'utf-16le';
  if (even > half * 0.3 && odd < half * 0.05) return 'utf-16be';
  return null;
}

/** Everyday characters; in a wrong decoding they are rare. */
const everyday: Readonly<Record<string, string>> = {
  gb18030:
    '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运，。、“”《》：；（）',
  big5: '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實，。、「」：；（）',
  shift_jis:
    'のにはをたがでてとしれさいるなあっらもすりこかまようきんだ、。そけど日本人一二三年大出中会生分時行者方国上見手場社事合',
  'euc-kr': '이다는에의을가고하를한지로기사도은대리자해서인어시정과부나제상수일',
};

function likeliestLegacy(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, 65_536);
  let best = 'windows-1252';
  let bestShare = 0.2;
  for (const [encoding, common] of Object.entries(everyday)) {
    const text = new TextDecoder(encoding).decode(sample);
    const foreign = [...text].filter((character) => character > '\u007f');
    const broken = foreign.filter((character) => character === '\ufffd').length;
    const known = new Set(common);
    const share = (foreign.filter((character) => known.has(character)).length - broken * 3) / foreign.length;
    if (share > bestShare) [best, bestShare] = [encoding, share];
  }
  return best;
}
