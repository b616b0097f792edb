export { type BuiltinApp, builtinApps } from './builtin-apps.ts';
