import type { FileKind, PassageFilter, StoredFilter } from '@myriad/contracts';
import { mediaTypes } from '../parse/sniff-media-type.ts';

/** Media types that each kind of file of a filter stands for. */
const typesOf: Readonly<Record<FileKind, readonly string[]>> = {
  pdf: [mediaTypes.pdf],
  document: [mediaTypes.docx, mediaTypes.epub],
  slides: [mediaTypes.pptx],
  sheet: [mediaTypes.xlsx, mediaTypes.csv],
  text: [mediaTypes.text, mediaTypes.markdown],
  page: [mediaTypes.html],
  mail: [mediaTypes.eml],
  code: [mediaTypes.code],
  image: [],
};

/** A person's filter in the words of the store. */
export function storedFilter({ kinds, ...rest }: PassageFilter): StoredFilter {
  return kinds && kinds.length > 0 ? { ...rest, mediaTypes: kinds.flatMap((kind) => typesOf[kind]) } : rest;
}
