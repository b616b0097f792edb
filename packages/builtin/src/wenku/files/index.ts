/** Files in and out of Wenku; for Node only. */
export type { ExportImage, ExportInput } from './export-input.ts';
export { type ImageFacts, imageFacts } from './image-facts.ts';
export { type Imported, readImport } from './read-import.ts';
export { isWenkuFormat, mediaTypes, writeExport } from './write-export.ts';
