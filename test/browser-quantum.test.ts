/** The Quantum Lab in a real browser: run, faults, stop, on the node, and axe in both themes. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { openBrowserOrSay, type Visit, visit } from './support/open-console.ts';
import { becomeOwner, call, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream } from './support/upstream.ts';

const browser = await openBrowserOrSay();
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A line of qubits that keeps an amplitude busy for minutes. */
function deepCircuit(side: number, layers: number): string {
  const lines = ['OPENQASM 2.0;', 'include "qelib1.inc";', `qreg q[${side * side}];`];
  for (let layer = 0; layer < layers; layer++) {
    for (let q = 0; q < side * side; q++) lines.push(`u3(${(q * 7 + layer * 3) % 11},0.${layer + 1},0.7) q[${q}];`);
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const along = layer % 2 === 0 ? column : row;
        if (along % 2 !== (layer >> 1) % 2 || along + 1 >= side) continue;
        const from = row * side + column;
        lines.push(`cx q[${from}],q[${layer % 2 === 0 ? from + 1 : from + side}];`);
      }
  }
  return lines.join('\n');
}

async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

describe.skipIf(!browser)('Quantum Lab', () => {
  let node: RunningNode;
  let session: Session;
  let lab: Visit;
  let upstream: Upstream;
  const heading = (name: string | RegExp) => lab.page.getByRole('heading', { level: 1, name });
  const editor = () => lab.page.getByRole('textbox', { name: 'Circuit in OpenQASM' });
  const runIt = () => lab.page.getByRole('button', { name: 'Run', exact: true }).click();
  const write = async (source: string) => {
    await editor().click();
    await lab.page.keyboard.press('ControlOrMeta+A');
    await lab.page.keyboard.insertText(source);
  };
  const bars = async (): Promise<[string, number][]> => {
    const list = lab.page.getByRole('list', { name: 'Outcomes' });
    await list.waitFor();
    const texts = await list
      .getByRole('listitem')
      .evaluateAll((items) => items.map((item) => item.getAttribute('title') ?? ''));
    return texts.map((text) => [text.split(':')[0] ?? '', Number(/: ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''))]);
  };

  /** For a person to look at, when the variable names a folder. */
  const pictures = async (name: string) => {
    const folder = process.env.QUANTUM_PICTURES;
    if (!folder) return;
    for (const theme of ['light', 'dark'])
      for (const width of [1440, 390]) {
        await lab.page.evaluate((word) => {
          document.documentElement.dataset.theme = word;
        }, theme);
        await lab.page.setViewportSize({ width, height: 900 });
        await lab.page.screenshot({ path: `${folder}/${name}-${theme}-${width}.png`, fullPage: true });
      }
    await lab.page.setViewportSize({ width: 1440, height: 900 });
  };

  beforeAll(async () => {
    [node, upstream] = await Promise.all([startNode(), startUpstream()]);
    session = await becomeOwner(node);
    if (!browser) return;
    lab = await visit(browser, node, { session });
    await lab.page.goto(`${node.url}/quantum`);
  });
  afterAll(async () => {
    await browser?.close();
    await node?.stop();
    await upstream?.close();
  });

  test('a Bell pair runs in the browser: two bars of about half, and both arrows end inside', async () => {
    await heading('2 qubits and 2 gates, ready to run.').waitFor();
    await runIt();
    const drawn = await bars();
    expect(drawn.map(([key]) => key)).toEqual(['00', '11']);
    expect(drawn[0]?.[1]).toBeGreaterThan(430);
    expect((drawn[0]?.[1] ?? 0) + (drawn[1]?.[1] ?? 0)).toBe(1024);
    expect(await lab.page.getByRole('img', { name: /^Qubit 0: x -?0\.00, y -?0\.00, z -?0\.00/ }).count()).toBe(1);
    expect(await lab.page.getByRole('img', { name: 'Circuit of 2 qubits and 2 gates' }).count()).toBe(1);
  });

  test('the node draws the very same shots', async () => {
    const here = await bars();
    await lab.page.getByLabel('Where').selectOption('node');
    await runIt();
    await lab.page.getByRole('status').waitFor({ state: 'attached' });
    expect(await bars()).toEqual(here);
    await lab.page.getByLabel('Where').selectOption('browser');
  });

  test('a fault is marked on its line, said in words, and nothing can run until it is gone', async () => {
    await write('OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nhh q[0];\n');
    await heading('The circuit has a fault in line 4.').waitFor();
    await lab.page.getByText(/Line 4, column 1: .*hh/).waitFor();
    expect(await lab.page.locator('.cm-lint-marker-error').count()).toBe(1);
    expect(await lab.page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
  });

  test('VQE of H₂ lowers the energy to -1.1373 hartree, draws how, and its angles go back into the circuit', async () => {
    await lab.page.getByLabel('Example').selectOption('vqe');
    await heading('2 qubits and 5 gates, ready to run.').waitFor();
    await runIt();
    await lab.page.getByRole('heading', { name: /^The lowest mean is −1\.13730/ }).waitFor({ timeout: 60_000 });
    await lab.page.getByRole('img', { name: /^The mean falls from −0\.289\d* to −1\.1373/ }).waitFor();
    await pictures('vqe');
    await lab.page.getByRole('button', { name: 'Put these angles into the circuit' }).click();
    await heading('2 qubits and 5 gates, ready to run.').waitFor();
    expect(await editor().innerText()).not.toContain('ry(0.5)');
    await lab.page.getByLabel('What to find out').selectOption('expectation');
    await runIt();
    await lab.page.getByRole('heading', { name: /^The mean is −1\.13730/ }).waitFor();
  }, 90_000);

  test('a long run shows that it runs, and stops at once when told to', async () => {
    await write(deepCircuit(6, 12));
    await heading(/^36 qubits/).waitFor();
    await lab.page.getByLabel('What to find out').selectOption('amplitude');
    await runIt();
    await lab.page.getByRole('progressbar').waitFor();
    const asked = performance.now();
    await lab.page.getByRole('button', { name: 'Stop', exact: true }).click();
    await lab.page.getByText('Stopped. Nothing was kept.').waitFor();
    expect(performance.now() - asked).toBeLessThan(1000);
    await lab.page.getByLabel('Example').selectOption('bell');
  });

  test('without a model that writes the page says so; with one, words become a circuit and its cost is in the ledger', async () => {
    const { page } = lab;
    await page.getByText('No model that can write is attached to this node').waitFor();
    expect(await page.getByRole('button', { name: 'Write the circuit' }).count()).toBe(0);
    const refused = await call<{ code: string }>(node, 'POST /api/quantum/describe', {
      body: { words: 'a Bell pair' },
    });
    expect([refused.status, refused.body.code]).toEqual([503, 'capability_unavailable']);

    await attachModels(node, upstream, ['writes-circuits']);
    await page.reload();
    await page.getByLabel('What should the circuit do?').fill('Flip the second qubit if the first is 1');
    await page.getByRole('button', { name: 'Write the circuit' }).click();
    await page.getByText('Written, refused and corrected (repairs: 1)').waitFor();
    await page.getByText('One controlled flip.').waitFor();
    await heading('3 qubits and 1 gates, ready to run.').waitFor();
    expect(await editor().innerText()).toContain('cx q[0], q[1];');
    expect(upstream.calls).toHaveLength(2);
    await pictures('described');

    const runs = await call<{ items: { app: string | null; costMicros: number | null }[] }>(node, 'GET /api/runs');
    const costs = runs.body.items.map(({ costMicros }) => costMicros);
    // 11 tokens in at 3 dollars a million and 6 out at 15, twice.
    expect(costs).toEqual([123, 123]);

    await page.getByLabel('What should the circuit do?').fill('nonsense');
    await page.getByRole('button', { name: 'Write the circuit' }).click();
    await page.getByText(/No circuit without a fault came out \(answers: 3\).*Line 4, column 1: .*cnott/).waitFor();
    expect(await editor().innerText()).toContain('cx q[0], q[1];');
    expect(upstream.calls).toHaveLength(5);
    await page.getByLabel('Example').selectOption('bell');
  }, 60_000);

  test('no fault for axe in either theme, no sideways scroll at 390 px, nothing broken on the way', async () => {
    const { page } = lab;
    await heading('2 qubits and 2 gates, ready to run.').waitFor();
    await runIt();
    await bars();
    await pictures('bell');
    for (const theme of ['light', 'dark']) {
      await page.evaluate((name) => {
        document.documentElement.dataset.theme = name;
      }, theme);
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await axe(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      }
    }
    expect(lab.faults).toEqual([]);
    expect(lab.foreign).toEqual([]);
  }, 60_000);

  test('only its owner sees a run on the node, and nobody runs without signing in', async () => {
    const source = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; h q[0];';
    const refused = await call(node, 'POST /api/quantum/run', { key: null, body: { source, what: 'measure' } });
    expect(refused.status).toBe(401);
    const tooMany = await call<{ detail: string }>(node, 'POST /api/quantum/run', {
      body: { source, what: 'measure', limits: { maxBytes: 2 ** 40 } },
    });
    expect([tooMany.status, tooMany.body.detail]).toEqual([400, expect.stringContaining('maxBytes')]);
    const begun = await call<{ id: string }>(node, 'POST /api/quantum/run', { body: { source, what: 'measure' } });
    expect(begun.status).toBe(200);
    const other = await fetch(`${node.url}/api/quantum/run/${begun.body.id}`, { headers: { cookie: session.cookie } });
    expect(other.status).toBe(404);
    const long = await call<{ id: string; status: string }>(node, 'POST /api/quantum/run', {
      body: { source: deepCircuit(7, 40), what: 'amplitude', limits: { maxSeconds: 1 } },
    });
    if (long.status === 429) return;
    for (let tries = 0; tries < 40; tries++) {
      const { body } = await call<{ status: string; failure: { code: string } | null }>(
        node,
        `GET /api/quantum/run/${long.body.id}`,
      );
      if (body.status !== 'running') {
        expect(body).toMatchObject({ status: 'failed', failure: { code: 'deadline' } });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect.unreachable('the run went past its limit');
  });
});
