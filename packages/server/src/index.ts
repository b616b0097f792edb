export { restoreBackup } from '@myriad/store';
export { type BootOptions, boot, type Node } from './boot.ts';
