import { defineWords } from '../../words/define-words.ts';

export const signInWords = defineWords(
  'sign-in',
  {
    sentence: 'Sign in to Myriad.',
    under: 'With the password or passkey you set here.',
    email: 'Email',
    password: 'Password',
    signIn: 'Sign in',
    passkey: 'Sign in with a passkey',
    or: 'or',
    noOwner: 'This node has no owner yet.',
    noOwnerUnder:
      'Open the one-time link that was printed where it was started. Whoever opens it first becomes the owner.',
    passkeyFailed: 'The passkey was not used. Try again, or sign in with your password.',
    forgot: 'Forgotten? An owner can send you a new invite link.',
  },
  {
    sentence: '登录万象。',
    under: '用你在此设置的密码或通行密钥。',
    email: '邮箱',
    password: '密码',
    signIn: '登录',
    passkey: '用通行密钥登录',
    or: '或',
    noOwner: '这个节点还没有所有者。',
    noOwnerUnder: '请打开启动时终端里显示的一次性链接，第一个打开的人即成为所有者。',
    passkeyFailed: '通行密钥没有用上。请重试，或用密码登录。',
    forgot: '忘记了？所有者可以给你一个新的邀请链接。',
  },
);
