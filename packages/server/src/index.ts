export { restoreBackup } from '@myriad/store';
export { type BootOptions, boot, type Node } from './boot.ts';
export { configJsonSchema, type LoadConfigOptions, type LoadedConfig, loadConfig } from './config/load-config.ts';
export { type Environment, readEnvironment } from './read-environment.ts';
