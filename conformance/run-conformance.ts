/** Runs every case against a gateway and tells which held. */
import { groups, unmet, type WireCase } from './cases/case.ts';
import { chatCases } from './cases/chat.ts';
import { dialectCases } from './cases/dialects.ts';
import { mediaCases } from './cases/media.ts';
import { nativeMessagesCases } from './cases/native-messages.ts';
import { transportCases } from './cases/transport.ts';
import { troubleCases } from './cases/trouble.ts';
import type { MockUpstream } from './mock-upstream.ts';
import { createWire, type Target } from './wire.ts';

export interface CaseResult {
  readonly group: number;
  readonly name: string;
  /** Why it failed, or null. */
  readonly fault: string | null;
  /** Why it was not asked, or null. */
  readonly skipped: string | null;
}

export const allCases: readonly WireCase[] = [
  ...chatCases,
  ...dialectCases,
  ...nativeMessagesCases,
  ...mediaCases,
  ...troubleCases,
  ...transportCases,
].sort((left, right) => left.group - right.group);

export async function runConformance(target: Target, mock: MockUpstream): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const { group, name, needs, check } of allCases) {
    if (needs && !target[needs]) {
      results.push({ group, name, fault: null, skipped: unmet[needs] });
      continue;
    }
    let fault: string | null = null;
    try {
      await check(createWire(target, mock));
    } catch (error) {
      fault = (error as Error).message
        .split('\n')
        .slice(0, 8)
        .map((line) => line.trim())
        .join(' ')
        .slice(0, 300);
    }
    results.push({ group, name, fault, skipped: null });
  }
  return results;
}

export function printTable(results: readonly CaseResult[]): string {
  const lines = Object.entries(groups).flatMap(([number, title]) => {
    const own = results.filter(({ group }) => group === Number(number));
    const asked = own.filter(({ skipped }) => skipped === null);
    const held = asked.filter(({ fault }) => fault === null).length;
    return [`${number.padStart(2)}  ${title}: ${held}/${asked.length}`, ...own.map(lineOf)];
  });
  const asked = results.filter(({ skipped }) => skipped === null);
  const held = asked.filter(({ fault }) => fault === null).length;
  const left = results.length - asked.length;
  return `${lines.join('\n')}\n\n${held} of ${asked.length} cases hold${left > 0 ? `; ${left} were not asked` : ''}.`;
}

function lineOf({ name, fault, skipped }: CaseResult): string {
  if (skipped !== null) return `      –    ${name} (not asked: ${skipped})`;
  return fault === null ? `      ok   ${name}` : `      FAIL ${name}\n           ${fault}`;
}
