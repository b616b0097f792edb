import type { TraceStep } from '@myriad/contracts';
import { describe, expect, test } from 'vitest';
import { stepText } from './step-text.ts';
import { runWords } from './words.ts';

const step = (name: string, detail: TraceStep['detail'], ok = true): TraceStep => ({
  name,
  kind: 'policy',
  startedAt: 0,
  tookMs: 1,
  ok,
  detail,
});
const sayIn =
  (language: 'en' | 'zh') =>
  (key: string, values: Readonly<Record<string, string | number>> = {}): string =>
    Object.entries(values).reduce(
      (text, [name, value]) => text.replace(`{{${name}}}`, String(value)),
      (runWords[language] as Readonly<Record<string, string>>)[key] ?? key,
    );

describe('a step of the trace in words', () => {
  test('what was masked is told by kind and count, in both languages', () => {
    const masked = step('input policy', { phone: 2, email: 1 });
    expect(stepText(masked, sayIn('en'))).toBe('What came in: masked phone number × 2, e-mail address × 1');
    expect(stepText(masked, sayIn('zh'))).toBe('输入内容: 已遮盖 电话号码 × 2, 邮箱地址 × 1');
    expect(stepText(step('input policy', {}), sayIn('en'))).toBe('What came in: nothing to mask');
  });

  test('a block and orders within material are told; other steps keep their line', () => {
    expect(stepText(step('output policy', { phone: 1, code: 'policy_blocked' }, false), sayIn('en'))).toBe(
      'What went out: masked phone number × 1; stopped by the policy',
    );
    expect(stepText(step('untrusted content', { from: 'documents', signs: ['override'] }), sayIn('zh'))).toBe(
      '疑似向模型下达指令，已标记为资料: 文档 (override)',
    );
    expect(stepText(step('version and variant', {}), sayIn('en'))).toBeNull();
  });
});
