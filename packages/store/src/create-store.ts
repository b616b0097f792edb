import type { BackupReceipt, BlobStore, Store } from '@myriad/contracts';
import { createAppStore } from './apps/app-store.ts';
import { removeTenant } from './apps/remove-tenant.ts';
import { createAuditStore } from './audit/audit-store.ts';
import { createBatchStore } from './batches/batch-store.ts';
import { createConversationStore } from './conversations/conversation-store.ts';
import { createFeedbackStore } from './conversations/feedback-store.ts';
import type { Database } from './database/database.ts';
import { createDriveStore } from './drive/drive-store.ts';
import { createKnowledgeStore } from './knowledge/knowledge-store.ts';
import { createBudgetStore } from './ledger/budget-store.ts';
import { createKpiStore } from './ledger/kpi-store.ts';
import { createLedgerStore } from './ledger/ledger-store.ts';
import { createLogStore } from './ledger/log-store.ts';
import { createModelStore } from './models/model-store.ts';
import { createOrgStore } from './org/org-store.ts';
import { createSearchStore } from './search/search-store.ts';
import { createSettingStore } from './settings/setting-store.ts';
import { createWenkuStore } from './wenku/wenku-store.ts';

/** The same repositories over either database. */
export function createStore(parts: {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly authDatabase: unknown;
  readonly schemaVersion: () => Promise<number>;
  readonly backup: (path: string, onProgress?: (ratio: number) => void) => Promise<BackupReceipt>;
}): Store {
  const { database, blobs, authDatabase, schemaVersion, backup } = parts;
  return {
    kind: database.dialect.kind,
    apps: createAppStore(database),
    ledger: createLedgerStore(database),
    budgets: createBudgetStore(database),
    kpi: createKpiStore(database),
    log: createLogStore(database),
    org: createOrgStore(database),
    audit: createAuditStore(database),
    models: createModelStore(database),
    knowledge: createKnowledgeStore(database),
    conversations: createConversationStore(database),
    search: createSearchStore(database),
    wenku: createWenkuStore(database),
    feedback: createFeedbackStore(database),
    settings: createSettingStore(database),
    batches: createBatchStore(database),
    drive: createDriveStore(database),
    blobs,
    removeTenant: (tenant) => removeTenant(database, tenant),
    schemaVersion,
    authDatabase,
    backup,
    close: () => database.close(),
  };
}
