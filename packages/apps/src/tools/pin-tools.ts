import { hash } from 'node:crypto';
import type { Clock, SettingStore } from '@myriad/contracts';
import { canonicalJson } from '../manifest/hash-manifest.ts';

/** What a server says about one of its tools; its text reaches the model, so a change of it can be an attack. */
export interface ToolDescription {
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

interface Pin {
  readonly hash: string;
  readonly pinnedAt: number;
  /** Who approved it; null when it was pinned at first sight. */
  readonly approvedBy: string | null;
}

const keyOf = (server: string, tool: string) => `mcp.pin:${server}:${tool}`;

/** SHA-256 of name, description and input schema. */
export function descriptionHash({ name, description, inputSchema }: ToolDescription): string {
  return hash('sha256', canonicalJson({ name, description: description ?? '', inputSchema }), 'hex');
}

/**
 * Whether a tool still describes itself as when it was first seen or last approved. At first sight it is pinned.
 *
 * @returns `blocked` when the description changed: the tool is not offered until somebody approves it anew.
 */
export async function checkPin(
  settings: SettingStore,
  clock: Pick<Clock, 'now'>,
  server: string,
  tool: ToolDescription,
): Promise<'pinned' | 'unchanged' | 'blocked'> {
  const now = descriptionHash(tool);
  const pin = (await settings.get(keyOf(server, tool.name))) as Pin | null | undefined;
  if (pin) return pin.hash === now ? 'unchanged' : 'blocked';
  await approveToolDescription(settings, clock, { server, tool, approvedBy: null });
  return 'pinned';
}

/** Pins a tool's present description, after a person read it. */
export async function approveToolDescription(
  settings: SettingStore,
  clock: Pick<Clock, 'now'>,
  approval: { readonly server: string; readonly tool: ToolDescription; readonly approvedBy: string | null },
): Promise<void> {
  const pin: Pin = { hash: descriptionHash(approval.tool), pinnedAt: clock.now(), approvedBy: approval.approvedBy };
  await settings.set(keyOf(approval.server, approval.tool.name), pin);
}
