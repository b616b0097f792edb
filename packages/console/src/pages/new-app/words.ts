import { defineWords } from '../../words/define-words.ts';

export const newAppWords = defineWords(
  'new-app',
  {
    sentence: 'An app is this text; change it and save.',
    under: 'Nobody can use it before you publish it.',
    template: 'Begin with',
    template_answers: 'Answers from documents',
    template_writer: 'Writes in a form',
    template_tools: 'Uses tools, with approval',
    create: 'Save as a draft',
  },
  {
    sentence: '应用就是这段文字，改好后保存。',
    under: '发布之前没有人能使用它。',
    template: '从这里开始',
    template_answers: '依据文档回答',
    template_writer: '按格式写作',
    template_tools: '使用工具，需批准',
    create: '保存为草稿',
  },
);
