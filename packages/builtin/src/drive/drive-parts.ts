import type { AccessObject, Clock, Knowledge, Random, Role, Store } from '@myriad/contracts';

/** Who acts on a drive. What they may is asked of the one law of the house, with the facts of the node. */
export interface DriveActor {
  /** Name under which changes are kept. */
  readonly id: string;
  /** null for the node itself. */
  readonly personId: string | null;
  readonly principals: readonly string[];
  may(action: DriveAction, object: AccessObject): boolean;
}

export type DriveAction = 'drive.read' | 'drive.write' | 'drive.share';

export interface DriveParts {
  readonly store: Pick<Store, 'drive' | 'blobs' | 'knowledge' | 'org' | 'settings' | 'audit'>;
  readonly knowledge: Knowledge;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: DriveLimits;
  /** Folder in which uploads grow, on the disk of the blobs. */
  readonly staging: string;
  /** Told of what went wrong in the background. */
  readonly onFault: (what: string, error: unknown) => void;
}

export interface DriveLimits {
  /** What a person's drive may hold, by role; a drive's own quota comes first. */
  readonly quotaBytes: Readonly<Record<Role, number>>;
  readonly houseQuotaBytes: number;
  readonly largestFileBytes: number;
  /** Files larger than this are kept, and not read for search. */
  readonly largestIndexedBytes: number;
  /** Versions of a file that are kept. */
  readonly versions: number;
  /** Days after which what lies in the trash is deleted. */
  readonly trashDays: number;
}

/** Owner's id of the organisation's drive. */
export const houseOwnerId = 'house';
