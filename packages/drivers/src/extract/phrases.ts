/** The fixed words of `myriad/extract-1`. Everything else it says is quoted. */

export type Language = 'zh' | 'en';

interface Phrases {
  readonly header: string;
  readonly page: (page: number) => string;
  readonly notFound: string;
  readonly noDocuments: string;
  readonly about: string;
}

export const phrases: Readonly<Record<Language, Phrases>> = {
  en: {
    header: 'Quoted word for word from your documents:',
    page: (page) => `p. ${page}`,
    notFound:
      'Not found: none of your documents says this clearly enough to quote. Try other words, or add a document that covers it.',
    noDocuments:
      'Not found: there are no documents to quote from yet. Add some (PDF, Word, Markdown, HTML or text) and ask again.',
    about:
      'I am myriad/extract-1, the reader that is built in. (This reply is a fixed text.) I do not write answers of my own: ' +
      'ask about your documents, and I show the sentences that answer, word for word, each with its source. When nothing ' +
      'fits, I say so. For written answers, attach a base model under Models.',
  },
  zh: {
    header: '以下逐字摘自您的资料：',
    page: (page) => `第 ${page} 页`,
    notFound: '未找到：您的资料中没有足够明确、可以引用的内容。可以换个说法再问，或添加相关资料。',
    noDocuments: '未找到：目前还没有可供引用的资料。请先添加（PDF、Word、Markdown、HTML 或文本），然后再问。',
    about:
      '我是系统内置的摘录模型 myriad/extract-1。（这是一段固定说明。）我不会自己撰写回答：您就自己的资料提问，' +
      '我会逐字给出能够回答的原文，并注明出处；找不到时会如实说明。如需生成式回答，请在“模型”中接入一个基座模型。',
  },
};

const greeting =
  /^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings|thanks?|thank you|ok(?:ay)?|help|test|bye|who are you|what are you|what (?:can|do) you do|what is this|how (?:do|does) (?:you|this|it) work|how are you)(?: (?:there|all|again|everyone|myriad))?|你好|您好|嗨|哈喽|在吗|在么|早上好|下午好|晚上好|早安|谢谢|多谢|好的|帮助|测试|再见|你是谁|您是谁|你是什么|你能做什么|你会做什么|你能干什么|你有什么功能|怎么用|如何使用|介绍一下你自己)+(?:啊|呀|吗|呢|吧)?$/;

/** Whether the words only greet or ask what this is. */
export function isGreeting(question: string): boolean {
  const plain = question
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain === '') return true;
  const words = /\p{Script=Han}/u.test(plain) ? plain.replaceAll(' ', '') : plain;
  return greeting.test(words) || plain.split(' ').every((word) => greeting.test(word));
}

/** Chinese when the question has a Chinese character, else English. */
export function languageOf(question: string): Language {
  return /\p{Script=Han}/u.test(question) ? 'zh' : 'en';
}
