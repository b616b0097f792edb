/** Everything that surfaces stand on, wired once in boot. */

import type { WebSearch } from '@myriad/apps';
import type { DriveDesk } from '@myriad/builtin/drive';
import type { Cockpit } from '@myriad/cockpit';
import type {
  Apps,
  Clock,
  Config,
  ConfigEntry,
  Embedder,
  Kernel,
  Knowledge,
  Org,
  Random,
  Store,
} from '@myriad/contracts';
import type { BatchDesk } from './batch/batch-desk.ts';
import type { ChatDesk } from './chat/chat-desk.ts';
import type { FeedbackDesk } from './chat/give-feedback.ts';
import type { SourceDesk } from './kpi-sources/source-desk.ts';
import type { LocalModels } from './local-models/local-models.ts';
import type { Log } from './log.ts';
import type { Meters } from './metrics/meters.ts';
import type { ModelDesk } from './models/model-desk.ts';
import type { QuantumDesk } from './quantum/quantum-desk.ts';
import type { StandingBudgets } from './standing-budgets.ts';
import type { WenkuDesk } from './wenku/wenku-desk.ts';

export interface House {
  readonly version: string;
  readonly config: Config;
  readonly configEntries: readonly ConfigEntry[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly store: Store;
  readonly org: Org;
  readonly apps: Apps;
  readonly kernel: Kernel;
  readonly knowledge: Knowledge;
  readonly models: ModelDesk;
  readonly localModels: LocalModels;
  readonly budgets: StandingBudgets;
  readonly batches: BatchDesk;
  readonly chats: ChatDesk;
  readonly cockpit: Cockpit;
  readonly kpiSources: SourceDesk;
  readonly feedback: FeedbackDesk;
  readonly meters: Meters;
  readonly quantum: QuantumDesk;
  /** Source of web pages, where the operator attached one. */
  readonly webSearch: WebSearch | null;
  readonly embedder: Embedder;
  readonly drive: DriveDesk;
  readonly wenku: WenkuDesk;
  /** Lets the operator's command on this machine act as `system`; in a file of the data folder, mode 0600. */
  readonly localToken: string;
  readonly startedAt: number;
  readonly dataFolder: string;
  /** Address under which people reach the node, known once it listens. */
  publicUrl(): string;
}

/** One node serves one tenant now; every table carries the tenant from its first migration. */
export const tenant = 'main';
