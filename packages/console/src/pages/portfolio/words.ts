import { defineWords } from '../../words/define-words.ts';

export const portfolioWords = defineWords(
  'portfolio',
  {
    loading: 'Portfolio.',
    under: 'Against the people who see no app. The interval holds however often you look.',
    apps: 'Apps',
    ranked: 'ranked by what they truly earn, shrunk to their family',
    headline: 'Earned by all apps',
    filter: 'Shown',
    all: 'All',
    without: 'Without sample',
    only: 'Only sample',
    emptyTitle: 'No app is measured yet.',
    emptyText:
      'Give an app a kpi block in its manifest: what it should change, and how many people are held out. A sample company shows in a minute what you will see.',
    verdicts: 'Verdicts',
    health: 'A/A health',
    log: 'Read so far: {{events}} events, {{exposures}} people in experiments.',
  },
  {
    loading: '全局。',
    under: '与没有用到应用的人相比。无论看多少次，区间都成立。',
    apps: '应用',
    ranked: '按真实收益排序，已向同类收缩',
    headline: '所有应用的收益',
    filter: '显示',
    all: '全部',
    without: '不含示例',
    only: '仅示例',
    emptyTitle: '还没有应用被度量。',
    emptyText: '在应用清单里写上 kpi：它应当改变什么，留出多少人作对照。示例公司可在一分钟内展示你将看到的内容。',
    verdicts: '结论',
    health: 'A/A 检验',
    log: '已读取 {{events}} 个事件，{{exposures}} 人在实验中。',
  },
);
