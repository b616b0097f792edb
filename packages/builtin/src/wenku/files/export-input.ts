import type { WenkuContent } from '@myriad/contracts';

export interface ExportImage {
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** What is written to a file: the words, and the images that they name. */
export interface ExportInput {
  readonly title: string;
  readonly author: string;
  readonly language: 'en' | 'zh';
  readonly content: WenkuContent;
  readonly images: ReadonlyMap<string, ExportImage>;
}

/** Fonts that Office has on every machine; Chinese words get their own by `eastAsia`. */
export const officeFonts = { latin: 'Calibri', eastAsia: 'Microsoft YaHei', mono: 'Consolas' } as const;

/** Width and height within a box, the picture's shape kept; never larger than the picture at 96 points an inch. */
export function fitInto(image: Pick<ExportImage, 'width' | 'height'>, width: number, height: number, enlarge = false) {
  const scale = Math.min(width / image.width, height / image.height, enlarge ? Number.POSITIVE_INFINITY : 1);
  return { width: image.width * scale, height: image.height * scale };
}
