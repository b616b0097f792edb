import { defineWords } from '../../words/define-words.ts';

export const feedbackWords = defineWords(
  'app-feedback',
  {
    tab: 'Feedback',
    none: 'Nobody has said anything yet.',
    noneUnder: 'Ratings, comments and better answers that people give on answers of this app come here.',
    sums: '{{up}} helpful, {{down}} not helpful, {{corrections}} better answers',
    masked: 'E-mail addresses, links and long numbers are masked, and it is not shown who spoke.',
    up: 'Helpful',
    down: 'Not helpful',
    unrated: 'Not rated',
    run: 'Run',
    comment: 'Comment:',
    correction: 'Better answer:',
  },
  {
    tab: '反馈',
    none: '还没有人反馈。',
    noneUnder: '用户对此应用回答的评价、评论和更好的回答都会汇集到这里。',
    sums: '{{up}} 次有用，{{down}} 次没用，{{corrections}} 条更好的回答',
    masked: '邮箱、链接和长号码已遮蔽，也不显示是谁说的。',
    up: '有用',
    down: '没用',
    unrated: '未评价',
    run: '运行',
    comment: '评论：',
    correction: '更好的回答：',
  },
);
