/**
 * Character maps of PDF fonts that are named in the file but not carried in it (PDF 32000-1, 9.7.5.2), made from the
 * platform's own decoders instead of Adobe's tables: for reading text the way from code to Unicode is all that counts.
 * So a code's "character identifier" is here its Unicode value, and the collection's identifier → Unicode map is the
 * identity.
 */
const decoders: readonly (readonly [RegExp, string])[] = [
  [/^(GBK-EUC|GBKp-EUC|GBK2K|GBT-EUC|GB-EUC|GBpc-EUC)-/, 'gb18030'],
  [/^(B5pc|ETen-B5|ETenms-B5|HKscs-B5|CNS-EUC)-/, 'big5'],
  [/^(83pv-RKSJ|90ms-RKSJ|90msp-RKSJ|90pv-RKSJ|Ext-RKSJ)-/, 'shift_jis'],
  [/^(KSC-EUC|KSCms-UHC|KSCms-UHC-HW|KSCpc-EUC)-/, 'euc-kr'],
];

const unicodeMap = /^Uni(GB|CNS|JIS|JISX0213|KS).*-(UCS2|UTF16)-(HW-)?[HV]$/;
const collectionMap = /^Adobe-(GB1|CNS1|Japan1|Korea1|KR)-UCS2$/;

/** Whether a font's map names codes of a collection; used to know that `…-UCS2` may be answered by the identity. */
export function isCodeMap(name: string): boolean {
  return unicodeMap.test(name) || decoders.some(([pattern]) => pattern.test(name));
}

/** Source of the map as a CMap program (Adobe Technical Note 5014), or null when the name is not known here. */
export function predefinedCMap(name: string): string | null {
  if (collectionMap.test(name)) return program('<0000> <FFFF>', 'beginbfrange\n<0000> <FFFF> <0000>\nendbfrange');
  if (unicodeMap.test(name)) return program('<0000> <FFFF>', 'begincidrange\n<0000> <FFFF> 0\nendcidrange');
  const found = decoders.find(([pattern]) => pattern.test(name));
  return found ? legacyProgram(found[1]) : null;
}

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');

function program(codespace: string, ranges: string, more = ''): string {
  return `/CIDInit /ProcSet findresource begin\nbegincmap\n1 begincodespacerange\n${codespace}\nendcodespacerange\n${more}1 ${ranges}\nendcmap\n`;
}

const made = new Map<string, string>();

function legacyProgram(encoding: string): string {
  const known = made.get(encoding);
  if (known) return known;
  const decoder = new TextDecoder(encoding);
  const single: string[] = [];
  const double: string[] = [];
  const entry = (bytes: readonly number[], into: string[]) => {
    const text = decoder.decode(Uint8Array.from(bytes));
    const point = text.codePointAt(0) ?? 0;
    if (text.length !== 1 || point === 0xfffd) return;
    into.push(`<${bytes.map((byte) => hex(byte, 2)).join('')}> ${point}`);
  };
  const leads: number[] = [];
  for (let byte = 0; byte < 256; byte += 1) {
    const before = single.length;
    entry([byte], single);
    if (byte >= 0x80 && single.length === before) leads.push(byte);
  }
  for (const lead of leads) for (let trail = 0x40; trail <= 0xfe; trail += 1) entry([lead, trail], double);
  const singles = runsOf(
    Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !leads.includes(byte)),
    2,
  );
  const doubles = runsOf(leads, 2).map((range) => range.replace(/<(..)> <(..)>/, '<$140> <$2FE>'));
  const codespaces = [...singles, ...doubles];
  const source = `begincmap\n${codespaces.length} begincodespacerange\n${codespaces.join('\n')}\nendcodespacerange\n${[...single, ...double].length} begincidchar\n${[...single, ...double].join('\n')}\nendcidchar\nendcmap\n`;
  made.set(encoding, source);
  return source;
}

/** Neighbouring values as `<first> <last>` ranges. */
function runsOf(values: readonly number[], digits: number): string[] {
  const ranges: string[] = [];
  for (let at = 0; at < values.length; ) {
    let end = at;
    while (end + 1 < values.length && values[end + 1] === values[end]! + 1) end += 1;
    ranges.push(`<${hex(values[at]!, digits)}> <${hex(values[end]!, digits)}>`);
    at = end + 1;
  }
  return ranges;
}
