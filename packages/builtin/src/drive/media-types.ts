/** Types by the end of a name. What an uploader says of a file is not believed: it decides how a browser treats it. */
const byExtension: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  doc: 'application/msword',
  ppt: 'application/vnd.ms-powerpoint',
  xls: 'application/vnd.ms-excel',
  odt: 'application/vnd.oasis.opendocument.text',
  epub: 'application/epub+zip',
  eml: 'message/rfc822',
  txt: 'text/plain',
  log: 'text/plain',
  md: 'text/markdown',
  markdown: 'text/markdown',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  html: 'text/html',
  htm: 'text/html',
  xml: 'text/xml',
  json: 'application/json',
  yaml: 'text/yaml',
  yml: 'text/yaml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  svg: 'image/svg+xml',
  heic: 'image/heic',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  avi: 'video/x-msvideo',
  zip: 'application/zip',
  gz: 'application/gzip',
  tgz: 'application/gzip',
  tar: 'application/x-tar',
  '7z': 'application/x-7z-compressed',
  rar: 'application/vnd.rar',
  xz: 'application/x-xz',
  bz2: 'application/x-bzip2',
  dmg: 'application/x-apple-diskimage',
  iso: 'application/x-iso9660-image',
  exe: 'application/vnd.microsoft.portable-executable',
  psd: 'image/vnd.adobe.photoshop',
  ttf: 'font/ttf',
  otf: 'font/otf',
  woff2: 'font/woff2',
};

const source =
  /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs|py|rb|go|rs|java|kt|swift|c|h|cc|cpp|hpp|cs|php|scala|sh|bash|sql|lua|r|css|scss|toml|ini|proto|vue|svelte|gradle|cmake)$/i;

export function mediaTypeOf(name: string): string {
  const extension = /\.([a-z0-9]{1,16})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return byExtension[extension] ?? (source.test(name) ? 'text/x-source' : 'application/octet-stream');
}

/** Why a file is not read for search, or null when it is. */
export function whyNotIndexed(name: string, sizeBytes: number, largestBytes: number): string | null {
  if (sizeBytes === 0) return 'The file is empty.';
  const type = mediaTypeOf(name);
  if (/^(image|audio|video|font)\//.test(type)) return 'Pictures, sound and film are found by their names only.';
  if (/zip|gzip|x-tar|7z|rar|x-xz|bzip2|diskimage|iso9660|executable/.test(type) && !type.includes('epub'))
    return 'Archives and programs are found by their names only.';
  if (sizeBytes > largestBytes)
    return `The file has ${sizeBytes} bytes; files up to ${largestBytes} bytes are read for search.`;
  return null;
}
