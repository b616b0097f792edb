/** The configuration alone, for commands that start no node: light to load. */
export { type Environment, readEnvironment } from '../read-environment.ts';
export { configJsonSchema, type LoadConfigOptions, type LoadedConfig, loadConfig } from './load-config.ts';
