import { describe, expect, test } from 'vitest';
import { canonicalJson } from './hash-manifest.ts';
import { fieldsAt, manifestJsonSchema } from './manifest-json-schema.ts';
import { manifestOf } from './manifest-of.ts';
import { readCompiled } from './read-compiled.ts';
import { suggestName } from './suggest-name.ts';
import { validateManifest, validateManifestData } from './validate-manifest.ts';

const refundDesk = `apiVersion: myriad/v1
kind: App
name: refund-desk
title: {en: Refund desk, zh: 退款助手}
description: {en: "Answers refund questions and files refunds.", zh: "解答退款问题并提交退款。"}
owner: group:support
access: {use: [group:staff], edit: [group:support]}
instructions: |
  Answer only from the refund policy and cite the clause.
model: {capabilities: [zh, tools], optimize: cost}
inputs: {type: object, required: [order_id], properties: {order_id: {type: string}}}
knowledge: [drive:/policies/refunds]
tools:
  - {mcp: com.example/orders, allow: [get_order]}
  - {mcp: com.example/orders, allow: [create_refund], approval: always}
expose: [chat, api, mcp]
evals: [{input: "Order 7, bought 120 days ago", expect: {contains: person}}]
budget: {amount: 40 USD, period: day, on_exceed: downgrade}
kpi:
  metric: refund_cycle_hours
  goal: {direction: decrease, by: 15%, value: 3.20 USD per unit}
  experiment: {unit: user, holdout: 10%, window: 7d, guardrails: [csat], baseline: none}
`;
const minimal = 'kind: App\nname: desk\ndescription: A desk\ninstructions: Be brief.\n';
const issuesOf = (source: string) => validateManifest(source).issues;

describe('[M1] a manifest compiles to one canonical form', () => {
  test('every default filled in, units resolved', () => {
    const { issues, manifest } = validateManifest(refundDesk, ['com.example/orders']);
    expect(issues).toEqual([]);
    expect(manifest).toMatchObject({
      schema: 1,
      model: { capabilities: ['tools', 'zh'], optimize: 'cost', temperature: null },
      expose: ['api', 'chat', 'mcp'],
      budget: { micros: 40_000_000, currency: 'USD', period: 'day', onExceed: 'downgrade' },
      limits: { toolRounds: 8, deadlineMs: null },
      cache: { exact: false, ttlMs: 3_600_000 },
      kpi: {
        direction: 'decrease',
        goalRatio: 0.15,
        valueMicrosPerUnit: 3_200_000,
        valueCurrency: 'USD',
        experiment: { holdoutRatio: 0.1, windowMs: 604_800_000, baseline: 'none' },
      },
      evals: [{ name: 'eval 1', expect: { contains: ['person'], excludes: [], cites: null } }],
    });
  });

  test('order of fields, quotes and comments do not change the hash; one letter of the instructions does', () => {
    const { hash } = validateManifest(minimal);
    const reordered = '# a comment\ninstructions: "Be brief."\ndescription: A desk\nname: desk\nkind: App\n';
    expect(validateManifest(reordered).hash).toBe(hash);
    expect(validateManifest(minimal.replace('brief', 'Brief')).hash).not.toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const json = { kind: 'App', name: 'desk', description: 'A desk', instructions: 'Be brief.' };
    expect(validateManifestData(json).hash).toBe(hash);
  });

  test('money is read digit by digit, so no cent is lost to floats', () => {
    for (const [amount, micros] of [
      ['0.1', 100_000],
      ['8.20', 8_200_000],
      ['1.000001', 1_000_001],
      ['4.35', 4_350_000],
      ['1000000', 1_000_000_000_000],
    ] as const) {
      const { manifest } = validateManifest(`${minimal}budget: {amount: ${amount} CNY, period: day}`);
      expect(manifest?.budget?.micros).toBe(micros);
    }
  });

  test('one text serves both languages; a missing one takes the other; the title comes from the name', () => {
    const { manifest } = validateManifest(minimal.replace('description: A desk', 'description: {zh: 一张桌子}'));
    expect(manifest?.description).toEqual({ en: '一张桌子', zh: '一张桌子' });
    expect(manifest?.title).toEqual({ en: 'Desk', zh: 'Desk' });
    expect(manifest?.access).toEqual({ use: [], edit: [] });
  });

  test('canonical JSON is JSON, whatever the characters', () => {
    for (const text of [
      '',
      'a b',
      '"',
      '\\',
      '\n',
      '\u2028',
      '\ud800',
      '中文',
      'x'.repeat(100),
      '/:$.-',
      '</script>',
    ]) {
      expect(JSON.parse(canonicalJson({ [text]: [text, 1.5, true, null, { b: text, a: [] }] }))).toEqual(
        JSON.parse(JSON.stringify({ [text]: [text, 1.5, true, null, { b: text, a: [] }] })),
      );
      expect(canonicalJson(text)).toBe(JSON.stringify(text));
    }
  });

  test('canonical JSON sorts keys at every level and drops what is undefined', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined })).toBe('{"b":[{"c":null,"d":1}]}');
  });
});

describe('[M2] a fault names line, column, field, what was expected and what was meant', () => {
  const cases: [string, string, object][] = [
    [
      'an unknown field',
      `${minimal}instrucions: x`,
      { line: 5, column: 1, field: 'instrucions', didYouMean: 'instructions' },
    ],
    [
      'a nested unknown field',
      `${minimal}kpi:\n  metric: m\n  experiment: {holdut: 10%}`,
      { line: 7, column: 16, field: 'kpi.experiment.holdut', didYouMean: 'holdout' },
    ],
    [
      'a missing field',
      'kind: App\nname: desk\ndescription: x\n',
      { line: 1, field: 'instructions', message: '`instructions` is missing.', expected: 'a text' },
    ],
    [
      'a wrong choice',
      `${minimal}model: {optimize: cheap}`,
      { line: 5, column: 19, field: 'model.optimize', expected: 'one of cost, speed, quality, balanced' },
    ],
    [
      'a misspelt choice',
      `${minimal}expose: [chat, ap]`,
      { line: 5, column: 16, field: 'expose[1]', didYouMean: 'api' },
    ],
    [
      'a wrong kind',
      `${minimal}budget: {amount: 40, period: day}`,
      {
        line: 5,
        column: 18,
        field: 'budget.amount',
        message: '`budget.amount` is a number.',
        expected: 'an amount and a currency, such as `40 USD`',
      },
    ],
    [
      'a wrong form',
      `${minimal}budget: {amount: 40 dollars, period: day}`,
      { field: 'budget.amount', expected: 'an amount and a currency, such as `40 USD`' },
    ],
    [
      'a bad name',
      minimal.replace('desk\n', 'My Desk\n'),
      { line: 2, column: 7, field: 'name', expected: 'lower-case letters, digits and hyphens, at most 64' },
    ],
    [
      'a tool of the wrong shape',
      `${minimal}tools:\n  - {mcp: x, allwo: [y]}`,
      { line: 6, column: 5, field: 'tools[0].allow' },
    ],
    [
      'a tool that is not there',
      `${minimal}tools: [{tool: calculater}]`,
      { line: 5, column: 16, field: 'tools[0].tool', didYouMean: 'calculator' },
    ],
    [
      'a wrong baseline',
      `${minimal}kpi: {metric: m, experiment: {baseline: nothing}}`,
      { field: 'kpi.experiment.baseline' },
    ],
    ['a schema that is none', `${minimal}inputs: {type: objekt}`, { line: 5, column: 9, field: 'inputs' }],
    [
      'an expression that is none',
      `${minimal}evals: [{input: x, expect: {matches: "("}}]`,
      { field: 'evals[0].expect.matches' },
    ],
    [
      'a list where a group belongs',
      `${minimal}access: [everyone]`,
      { field: 'access', message: '`access` is a list.' },
    ],
    ['text that is no group', '- a\n- b\n', { line: 1, message: '`The manifest` is a list.' }],
    ['broken YAML', 'kind: App\nname: [desk\n', { line: 3 }],
    ['a key twice', `${minimal}name: other`, { line: 5, column: 1 }],
  ];
  for (const [name, source, expected] of cases) {
    test(name, () => {
      const issues = issuesOf(source);
      expect(issues).toContainEqual(expect.objectContaining({ severity: 'error', ...expected }));
      expect(validateManifest(source)).toMatchObject({ manifest: null, hash: null });
    });
  }

  test('an empty text names every field that must be there', () => {
    expect(issuesOf('').map(({ field }) => field)).toEqual(['kind', 'name', 'description', 'instructions']);
  });

  test('a server that the operator has not set up is a warning, and the manifest still compiles', () => {
    const { issues, manifest } = validateManifest(`${minimal}tools: [{mcp: ordres, allow: [x]}]`, ['orders']);
    expect(issues).toMatchObject([{ severity: 'warning', didYouMean: 'orders' }]);
    expect(manifest).not.toBeNull();
  });

  test('a field that has no effect yet is a warning', () => {
    const { issues, manifest } = validateManifest(`${minimal}cache: {semantic: true}\npolicy: {egress: [a.example]}`);
    expect(issues).toMatchObject([{ severity: 'warning', field: 'policy.egress', line: 6 }]);
    expect(manifest).not.toBeNull();
  });

  test('a far-off word is not suggested', () => {
    expect(suggestName('zebra', ['tool', 'model', 'api'])).toBeNull();
    expect(suggestName('moedl', ['tool', 'model'])).toBe('model');
  });
});

describe('[M3] a hostile text is an issue, never a crash', () => {
  const bomb = `a: &a [x,x]\n${'bcdefghij'
    .split('')
    .map((name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]},`.repeat(9)}]`)
    .join('\n')}`;
  const cases: [string, string][] = [
    ['an alias bomb', bomb],
    ['one alias', 'kind: &k App\nname: *k\n'],
    ['a tag', 'kind: !!js/function "x"\n'],
    ['deep brackets', '['.repeat(100_000)],
    ['deep groups', `${Array.from({ length: 2_000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')}`],
    ['deep dashes', `${'- '.repeat(5_000)}a`],
    ['too many bytes', `kind: App\n# ${'x'.repeat(300_000)}`],
    ['two documents', `${minimal}---\n${minimal}`],
    ['control characters', 'kind: \u0000App'],
    ['a prototype', '__proto__: {kind: App}\nconstructor: x\n'],
    ['numbers past all limits', `${minimal}model: {temperature: .inf, maxOutputTokens: 1e400}`],
  ];
  for (const [name, source] of cases) {
    test(name, () => {
      const began = performance.now();
      const { issues, manifest } = validateManifest(source);
      expect(manifest).toBeNull();
      expect(issues.length).toBeGreaterThan(0);
      expect(issues[0]?.line).toBeGreaterThanOrEqual(1);
      expect(performance.now() - began).toBeLessThan(3_000);
    });
  }
});

describe('[M4] private data, untrusted content and a way out do not come together without approval', () => {
  const refused = (lines: string) =>
    issuesOf(minimal + lines).filter(({ message }) => message.includes('without anybody'));
  test('knowledge and pages of the web are refused, at the tool', () => {
    expect(refused('knowledge: [library:x]\ntools:\n  - {tool: calculator}\n  - {tool: fetch_page}')).toMatchObject([
      { line: 8, column: 5, field: 'tools[1]', expected: '`approval: always` on this tool, or no `fetch_page`' },
    ]);
  });
  test('each way out is named', () => {
    const lines =
      'tools: [{tool: fetch_page}, {mcp: mail, allow: [send]}, {mcp: crm, allow: [read], approval: always}]';
    expect(refused(lines).map(({ field }) => field)).toEqual(['tools[0]', 'tools[1]']);
  });
  test('with approval on every way out it is allowed', () => {
    const lines =
      'knowledge: [library:x]\ntools: [{tool: fetch_page, approval: always}, {mcp: a, allow: [b], approval: always}]';
    expect(refused(lines)).toEqual([]);
  });
  test('without one of the three it is allowed', () => {
    for (const lines of [
      'tools: [{tool: fetch_page}]',
      'knowledge: [library:x]\ntools: [{mcp: a, allow: [b]}]',
      'knowledge: [library:x]\ntools: [{tool: knowledge_search}, {tool: calculator}]',
    ]) {
      expect(refused(lines)).toEqual([]);
    }
  });
});

test('[M5] the JSON Schema for editors describes every field and knows the nested ones', () => {
  const schema = manifestJsonSchema() as { properties: Record<string, { description?: string }>; required: string[] };
  expect(schema.required.sort()).toEqual(['description', 'instructions', 'kind', 'name']);
  for (const [field, { description }] of Object.entries(schema.properties)) expect(description, field).toBeTruthy();
  expect(fieldsAt(['kpi', 'experiment'])).toEqual(['unit', 'holdout', 'window', 'guardrails', 'baseline']);
  expect(fieldsAt(['tools', 0])).toEqual(['tool', 'approval', 'mcp', 'allow']);
});

describe('[M6] a compiled form reads back', () => {
  const full = `${refundDesk}starters: [{en: Hi, zh: 你好}]
output: {type: object}
limits: {requests_per_minute: 5, tool_rounds: 0, deadline: 90m}
cache: {exact: true, ttl: 36h}
policy: {pii: mask, deny: [x], retention: 30d}
`;
  test('to a manifest that compiles to the same bytes', () => {
    for (const source of [
      minimal,
      refundDesk,
      full,
      `${minimal}kpi: {metric: m, experiment: {holdout: 12.5%, baseline: version:3}}`,
    ]) {
      const { manifest, hash } = validateManifest(source);
      expect(validateManifestData(manifestOf(manifest as never)).hash).toBe(hash);
      expect(readCompiled(JSON.parse(canonicalJson(manifest)), [])).toMatchObject({ hash, manifest });
    }
  });

  test('and is refused when it lacks, adds or bends anything', () => {
    const { manifest } = validateManifest(full);
    const bend = (change: object) => readCompiled({ ...manifest, ...change }, []);
    for (const change of [
      { extra: 1 },
      { name: 'Not A Name' },
      { access: { use: ['root'], edit: [] } },
      { access: undefined },
      { tools: [{ kind: 'builtin', name: 'shell', approval: 'never' }] },
      { knowledge: ['library:x'], tools: [{ kind: 'builtin', name: 'fetch_page', approval: 'never' }] },
      { cache: { exact: true, semantic: false, ttlMs: 1.5 } },
    ]) {
      expect(bend(change), JSON.stringify(change)).toMatchObject({ manifest: null, hash: null });
    }
    expect(readCompiled({}, []).manifest).toBeNull();
  });
});
