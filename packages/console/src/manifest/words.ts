import { defineWords } from '../words/define-words.ts';

export const manifestWords = defineWords(
  'manifest',
  {
    editor: 'Manifest',
    checking: 'Checking',
    fine: 'The manifest is valid.',
    issues_one: 'One thing to put right.',
    issues_other: '{{count}} things to put right.',
    place: 'line {{line}}, column {{column}}',
    expected: 'Expected {{what}}.',
    didYouMean: 'Did you mean {{what}}?',
    warning: 'warning',
    error: 'error',
  },
  {
    editor: '清单',
    checking: '正在检查',
    fine: '清单有效。',
    issues_other: '有 {{count}} 处需要改正。',
    place: '第 {{line}} 行第 {{column}} 列',
    expected: '应为 {{what}}。',
    didYouMean: '是否想写 {{what}}？',
    warning: '提醒',
    error: '错误',
  },
);
