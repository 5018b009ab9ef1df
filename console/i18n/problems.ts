/** Failures in the console's own words, found by their code; what has none says what the gateway said. */
import { Problem } from '../api/problem.ts'
import { defineMessages, speak } from './messages.ts'

const messages = defineMessages(
  {
    unreachable: 'The gateway does not answer. Is it running, and is the network up?',
    wrong_password: 'The password is wrong.',
    too_many_attempts: 'Too many attempts. Try again in {seconds} s.',
    session_ended: 'You are not signed in any more.',
    weak_password: 'This password is too easy to guess: choose one of at least 12 characters.',
    account_not_found: 'There is no such account any more.',
    key_not_found: 'There is no such key any more.',
    password_required:
      'This gateway listens on a network and has no password, so it is closed: set ADMIN_PASSWORD and restart it.',
    misdirected_request: 'Accounts are not managed under this address: set PUBLIC_URL to it.',
    csrf: 'The gateway did not recognise this page as its own. Reload it.',
    unexpected: 'Something went wrong in the console itself.',
  },
  {
    unreachable: '网关没有响应。请确认它正在运行，并且网络可用。',
    wrong_password: '密码错误。',
    too_many_attempts: '尝试次数过多，请在 {seconds} 秒后重试。',
    session_ended: '登录已失效。',
    weak_password: '密码过于简单：请使用至少 12 个字符的密码。',
    account_not_found: '该账号已不存在。',
    key_not_found: '该密钥已不存在。',
    password_required:
      '网关监听在网络地址上却没有设置密码，因此管理入口已关闭：请设置 ADMIN_PASSWORD 并重启。',
    misdirected_request: '不能通过此地址管理账号：请将 PUBLIC_URL 设置为该地址。',
    csrf: '网关未能确认此页面属于自己，请刷新页面。',
    unexpected: '控制台自身出现错误。',
  },
)

/** To be called while a component renders, or when something has just failed. */
export function describeProblem(error: unknown): string {
  const say = speak(messages)
  if (!(error instanceof Problem)) return say('unexpected')
  const { code } = error
  switch (code) {
    case 'too_many_attempts':
      return say('too_many_attempts', { seconds: error.retryAfterSeconds ?? 60 })
    case 'unreachable':
    case 'wrong_password':
    case 'session_ended':
    case 'weak_password':
    case 'account_not_found':
    case 'key_not_found':
    case 'password_required':
    case 'misdirected_request':
    case 'csrf':
      return say(code)
    case undefined:
    default:
      return error.message
  }
}
