/** The formats in which a document may leave, apart from what writes them: the node loads that only in its file process. */
import type { WenkuFormat } from '@myriad/contracts';

export const mediaTypes: Readonly<Record<WenkuFormat, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

export const isWenkuFormat = (format: string): format is WenkuFormat => format in mediaTypes;
