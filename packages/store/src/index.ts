export type { BackupManifest } from './backup/backup-manifest.ts';
export { type RestoreReceipt, restoreBackup, verifyBackup } from './backup/restore-backup.ts';
export type { S3BlobOptions } from './blobs/s3-blobs.ts';
export { type OpenStoreOptions, openStore } from './open-store.ts';
