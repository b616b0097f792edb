export { type BootOptions, boot, type Node } from './boot.ts';
export { configJsonSchema, type LoadedConfig, type LoadConfigOptions, loadConfig } from './config/load-config.ts';
export { type Environment, readEnvironment } from './read-environment.ts';
export { restoreBackup } from '@myriad/store';
