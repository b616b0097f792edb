import type { House } from '../house.ts';

export const handshakeVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'] as const;
export const statelessVersion = '2026-07-28';
export const capabilities = { tools: {}, resources: {} };
export const instructions =
  'Each tool is an app of this organisation: say in `message` what you want of it. Its answer may cite documents.';

export function serverInfo(house: House) {
  return { name: 'myriad', title: 'Myriad', version: house.version, websiteUrl: house.publicUrl() };
}
