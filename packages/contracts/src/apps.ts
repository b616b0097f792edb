/** Apps as the registry keeps them. The manifest's own schema is in manifest.ts. */
import type { CompiledManifest } from './manifest.ts';

export type AppStatus = 'draft' | 'published' | 'stopped' | 'retired';

export interface AppRecord {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly titleEn: string;
  readonly titleZh: string;
  readonly descriptionEn: string;
  readonly descriptionZh: string;
  readonly ownerId: string;
  /** Principals: `everyone`, `group:<name>`, `person:<id>`. */
  readonly use: readonly string[];
  readonly edit: readonly string[];
  readonly expose: readonly ('chat' | 'api' | 'mcp')[];
  readonly status: AppStatus;
  readonly builtin: boolean;
  /** Hash of the version that serves; null while only a draft exists. */
  readonly currentVersion: string | null;
  readonly versionNumber: number;
  readonly hasDraft: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface AppVersion {
  readonly appId: string;
  /** SHA-256 of the canonical JSON, hex. */
  readonly hash: string;
  readonly number: number;
  readonly manifest: CompiledManifest;
  /** The YAML as written. */
  readonly source: string;
  readonly publishedAt: number;
  readonly publishedBy: string;
  readonly evals: EvalReport | null;
}

export interface EvalResult {
  readonly name: string;
  readonly passed: boolean;
  readonly reason: string;
  readonly tookMs: number;
}

export interface EvalReport {
  readonly passed: number;
  readonly failed: number;
  readonly results: readonly EvalResult[];
  readonly model: string | null;
}

export interface AppDraft {
  readonly appId: string;
  readonly source: string;
  readonly updatedAt: number;
  readonly updatedBy: string;
}
