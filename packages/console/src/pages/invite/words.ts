import { defineWords } from '../../words/define-words.ts';

export const inviteWords = defineWords(
  'invite',
  {
    sentence: 'You are invited to this Myriad.',
    under: 'Set your name and a password, and you are in.',
    join: 'Join',
    missing: 'This invite link is not whole.',
    missingUnder: 'Ask whoever sent it to send it again.',
  },
  {
    sentence: '你受邀加入这里的万象。',
    under: '设置名字和密码即可进入。',
    join: '加入',
    missing: '这个邀请链接不完整。',
    missingUnder: '请让发送者再发一次。',
  },
);
