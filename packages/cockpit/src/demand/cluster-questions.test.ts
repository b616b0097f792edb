import type { UnservedQuestion } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { clusterQuestions } from './cluster-questions.ts';
import { maskText } from './mask-text.ts';

const asked = (text: string, personId: string, reason: UnservedQuestion['reason'] = 'notFound'): UnservedQuestion => ({
  time: 1,
  text,
  appId: 'app_1',
  personId,
  reason,
});

test('[C12] questions that say the same stand together in either language, the most asked first', () => {
  const clusters = clusterQuestions(
    [
      asked('报销流程是什么', 'p1'),
      asked('How do I claim travel expenses?', 'p1'),
      asked('how to claim my travel expenses', 'p2', 'thumbsDown'),
      asked('claim travel expenses how?', 'p2', 'error'),
      asked('报销的流程是什么？', 'p3'),
      asked('Where is the canteen', 'p4'),
      asked('???', 'p4'),
    ],
    () => 'assistant',
  );
  expect(clusters.map(({ count }) => count)).toEqual([3, 2, 1]);
  expect(clusters[0]).toMatchObject({
    people: 2,
    reasons: { notFound: 1, thumbsDown: 1, errors: 1, rephrased: 0, abandoned: 0 },
    apps: ['assistant'],
    title: 'claim travel expenses how?',
  });
  expect(clusters[0]?.draftManifest).toContain('name: claim-travel-expenses-how');
});

test('[C12] a question that was followed by another counts as asked again only when the two are alike', () => {
  const followed = (text: string, followedBy: string) => ({ ...asked(text, 'p1', 'rephrased'), followedBy });
  const clusters = clusterQuestions(
    [
      followed('How do I claim travel expenses?', 'claim expenses of travel'),
      followed('Where is the canteen', 'thanks'),
    ],
    () => 'assistant',
  );
  expect(clusters.map(({ reasons }) => reasons.rephrased)).toEqual([1]);
});

test.each([
  ['write to li.lei+x@corp.example.cn now', 'write to [e-mail] now'],
  ['card 6222 0212 3456 7890', 'card [number]'],
  ['call +86 138-1234-5678', 'call [number]'],
  ['身份证11010119900307123X号', '身份证[number]号'],
  ['my key is sk-abcdefgh12345678', 'my key is [secret]'],
  ['see https://a.example/?token=1 please', 'see [address] please'],
  ['room 204, 3 days, 2026', 'room 204, 3 days, 2026'],
])('[C12] %j is shown as %j', (text, shown) => {
  expect(maskText(text)).toBe(shown);
});
