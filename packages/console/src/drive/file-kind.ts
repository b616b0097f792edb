import type { DriveNode } from '@myriad/contracts';
import type { IconName } from '../ui/icon.tsx';

export type FileKind =
  | 'folder'
  | 'image'
  | 'sound'
  | 'film'
  | 'pdf'
  | 'markdown'
  | 'text'
  | 'code'
  | 'page'
  | 'office'
  | 'other';

/** How a file is shown. */
export function fileKind({ kind, mediaType, name }: Pick<DriveNode, 'kind' | 'mediaType' | 'name'>): FileKind {
  if (kind === 'folder') return 'folder';
  if (mediaType === 'application/pdf') return 'pdf';
  if (mediaType === 'text/markdown') return 'markdown';
  if (mediaType === 'text/html') return 'page';
  if (mediaType === 'text/x-source' || /json|yaml|xml$/.test(mediaType)) return 'code';
  if (mediaType.startsWith('text/')) return 'text';
  if (/^image\/(png|jpeg|gif|webp|avif|bmp|svg|x-icon)/.test(mediaType)) return 'image';
  if (mediaType.startsWith('audio/')) return 'sound';
  if (/^video\/(mp4|webm|quicktime)/.test(mediaType)) return 'film';
  if (/officedocument|epub|rfc822/.test(mediaType) || /\.(docx|pptx|xlsx|epub|eml)$/i.test(name)) return 'office';
  return 'other';
}

const icons: Readonly<Record<FileKind, IconName>> = {
  folder: 'folder',
  image: 'image',
  sound: 'sound',
  film: 'film',
  pdf: 'file',
  markdown: 'file',
  text: 'file',
  code: 'code',
  page: 'code',
  office: 'file',
  other: 'file',
};

export function fileIcon(node: Pick<DriveNode, 'kind' | 'mediaType' | 'name'>): IconName {
  if (/sheet|csv|tab-separated/.test(node.mediaType)) return 'table';
  return icons[fileKind(node)];
}

/** Language of a file's code, as the highlighter names it. */
export function languageOf(name: string): string {
  const extension = name.split('.').at(-1)?.toLowerCase() ?? '';
  const names: Readonly<Record<string, string>> = {
    ts: 'typescript',
    tsx: 'typescript',
    js: 'javascript',
    jsx: 'javascript',
    mjs: 'javascript',
    py: 'python',
    rs: 'rust',
    rb: 'ruby',
    kt: 'kotlin',
    cs: 'csharp',
    sh: 'bash',
    yml: 'yaml',
    h: 'c',
    hpp: 'cpp',
    cc: 'cpp',
    html: 'xml',
  };
  return names[extension] ?? extension;
}
