/** The drive's domain: who may do what with which file, whatever the surface. */
export { createDrive, type DriveDesk } from './create-drive.ts';
export { type DriveActor, type DriveLimits, houseOwnerId } from './drive-parts.ts';
export { type Place, placeObject } from './find-nodes.ts';
export { mediaTypeOf } from './media-types.ts';
