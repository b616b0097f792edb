import { defineWords } from '../../words/define-words.ts';

export const demandWords = defineWords(
  'demand',
  {
    loading: 'Demand.',
    none: 'In the last {{days}} days no question went unserved.',
    sentence_one: 'In the last {{days}} days, {{questions}} questions went unserved; they ask for one thing.',
    sentence_other: 'In the last {{days}} days, {{questions}} questions went unserved; they ask for {{count}} things.',
    under:
      'Not found, rated down, failed, asked again in other words, or stopped. Names and numbers in the examples are masked.',
    days: '{{count}} days',
    period: 'Period',
    asked: '{{count}} times by {{people}} people, last {{ago}}',
    reasons:
      '{{notFound}} found nothing, {{thumbsDown}} rated down, {{errors}} failed, {{rephrased}} asked again, {{abandoned}} stopped',
    examples: 'Examples',
    draft: 'Draft of an app',
    create: 'Draft this app',
    created: 'The draft {{name}} is made.',
  },
  {
    loading: '需求。',
    none: '过去 {{days}} 天，没有未被满足的提问。',
    sentence_other: '过去 {{days}} 天，有 {{questions}} 个提问未被满足，归为 {{count}} 类。',
    under: '未找到、被差评、出错、换种说法再问或中途停止。示例中的姓名与号码已遮蔽。',
    days: '{{count}} 天',
    period: '时段',
    asked: '{{people}} 人问了 {{count}} 次，最近一次{{ago}}',
    reasons:
      '{{notFound}} 次未找到，{{thumbsDown}} 次差评，{{errors}} 次出错，{{rephrased}} 次换种说法再问，{{abandoned}} 次中途停止',
    examples: '示例',
    draft: '应用草稿',
    create: '起草此应用',
    created: '草稿 {{name}} 已建立。',
  },
);
