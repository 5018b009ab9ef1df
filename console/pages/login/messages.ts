import { defineMessages } from '../../i18n/messages.ts'

export const messages = defineMessages(
  {
    title: 'Sign in to Aqueduct',
    password: 'Operator password',
    show: 'Show the password',
    hide: 'Hide the password',
    capsLock: 'Caps Lock is on.',
    signIn: 'Sign in',
    hasEnded: 'You were signed out. Sign in again and go on where you were.',
    wait: 'Too many attempts. Try again in {seconds} s.',
    closedTitle: 'The console is closed here',
    unreachableTitle: 'The gateway does not answer',
    again: 'Try again',
  },
  {
    title: '登录 Aqueduct',
    password: '管理员密码',
    show: '显示密码',
    hide: '隐藏密码',
    capsLock: '大写锁定已开启。',
    signIn: '登录',
    hasEnded: '登录已失效。重新登录后可从原处继续。',
    wait: '尝试次数过多，请在 {seconds} 秒后重试。',
    closedTitle: '控制台在此处不可用',
    unreachableTitle: '网关没有响应',
    again: '重试',
  },
)
