import { defineWords } from '../../words/define-words.ts';

export const welcomeWords = defineWords(
  'welcome',
  {
    opening: 'Opening your node.',
    owner: 'This node is yours.',
    ownerUnder: 'Set a password so that you can come back from any browser. You can do it later.',
    later: 'Later, go to Assistant',
    spent: 'This link has been used.',
    spentUnder: 'It works once. Sign in instead, or restart the node for a new link if no owner exists.',
    toSignIn: 'Go to sign-in',
  },
  {
    opening: '正在打开你的节点。',
    owner: '这个节点是你的了。',
    ownerUnder: '设置密码后，你可以从任何浏览器回来。也可以以后再设。',
    later: '以后再说，去助手',
    spent: '这个链接已经用过。',
    spentUnder: '它只能用一次。请直接登录；若尚无所有者，重启节点会给出新链接。',
    toSignIn: '去登录',
  },
);
