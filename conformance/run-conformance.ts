/** Runs every case against a gateway and tells which held. */

import { groups, type WireCase } from './cases/case.ts';
import { chatCases } from './cases/chat.ts';
import { dialectCases } from './cases/dialects.ts';
import { transportCases } from './cases/transport.ts';
import type { MockUpstream } from './mock-upstream.ts';
import { createWire, type Target } from './wire.ts';

export interface CaseResult {
  readonly group: number;
  readonly name: string;
  /** Why it failed, or null. */
  readonly fault: string | null;
}

export const allCases: readonly WireCase[] = [...chatCases, ...dialectCases, ...transportCases].sort(
  (left, right) => left.group - right.group,
);

export async function runConformance(target: Target, mock: MockUpstream): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const { group, name, check } of allCases) {
    let fault: string | null = null;
    try {
      await check(createWire(target, mock));
    } catch (error) {
      fault = (error as Error).message.split('\n').slice(0, 6).join(' ');
    }
    results.push({ group, name, fault });
  }
  return results;
}

export function printTable(results: readonly CaseResult[]): string {
  const lines = Object.entries(groups).flatMap(([number, title]) => {
    const own = results.filter(({ group }) => group === Number(number));
    if (own.length === 0) return [`${number.padStart(2)}  ${title}: not asked from outside`];
    const held = own.filter(({ fault }) => fault === null).length;
    return [
      `${number.padStart(2)}  ${title}: ${held}/${own.length}`,
      ...own.map(
        ({ name, fault }) =>
          `      ${fault === null ? 'ok  ' : 'FAIL'} ${name}${fault === null ? '' : `\n           ${fault}`}`,
      ),
    ];
  });
  const held = results.filter(({ fault }) => fault === null).length;
  return `${lines.join('\n')}\n\n${held} of ${results.length} cases hold.`;
}
