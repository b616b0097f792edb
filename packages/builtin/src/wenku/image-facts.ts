/** Kind and size of a picture from its first bytes: PNG, JPEG or GIF, which Word, PowerPoint, PDF and every browser show. */
export interface ImageFacts {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/gif';
  readonly width: number;
  readonly height: number;
}

/** @returns Null for anything else, and for a picture without a size. */
export function imageFacts(bytes: Uint8Array): ImageFacts | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = (mediaType: ImageFacts['mediaType'], width: number, height: number) =>
    width > 0 && height > 0 && width <= 20_000 && height <= 20_000 ? { mediaType, width, height } : null;
  if (bytes.length > 24 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a)
    return whole('image/png', view.getUint32(16), view.getUint32(20));
  if (bytes.length > 10 && /^GIF8[79]a$/.test(String.fromCharCode(...bytes.slice(0, 6))))
    return whole('image/gif', view.getUint16(6, true), view.getUint16(8, true));
  if (bytes.length > 4 && view.getUint16(0) === 0xffd8) {
    let at = 2;
    while (at + 9 < bytes.length && bytes[at] === 0xff) {
      const marker = bytes[at + 1] as number;
      // Start-of-frame markers hold the size; 0xc4, 0xc8 and 0xcc are tables.
      if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
        return whole('image/jpeg', view.getUint16(at + 7), view.getUint16(at + 5));
      at += 2 + view.getUint16(at + 2);
    }
  }
  return null;
}
