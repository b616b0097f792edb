/** Files in and out of Wenku; for Node only. */
export type { ExportImage, ExportInput } from './export-input.ts';
export { type Imported, readImport } from './read-import.ts';
export { writeExport } from './write-export.ts';
