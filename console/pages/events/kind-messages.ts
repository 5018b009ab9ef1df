/** What has happened, in words. */
import type { EventEntry } from '../../api/types.ts'
import { defineMessages, speak } from '../../i18n/messages.ts'

const messages = defineMessages(
  {
    'account-created': 'Account added',
    'account-changed': 'Account changed',
    'account-removed': 'Account removed',
    'account-status': 'Account changed its state',
    'account-signed-in': 'Account signed in',
    'accounts-exported': 'Accounts exported',
    'accounts-imported': 'Accounts imported',
    'key-created': 'Key created',
    'key-changed': 'Key changed',
    'key-rotated': 'Key replaced',
    'key-removed': 'Key revoked',
    'operator-signed-in': 'Operator signed in',
    'operator-signed-out': 'Operator signed out',
    'operator-refused': 'Operator access refused',
    'password-set': 'Password set',
    'admin-token-created': 'Script token created',
    'admin-token-removed': 'Script token revoked',
    'local-mode-ended': 'Access without a password ended',
    'master-key-rotated': 'Master key rotated',
    'data-key-rotated': 'Data key rotated',
    'setting-changed': 'Setting changed',
    'proxy-tested': 'Proxy tested',
    'capture-started': 'Recording of bodies switched on',
    'capture-stopped': 'Recording of bodies ended',
    'captures-purged': 'Recorded bodies deleted',
    'bodies-read': 'Recorded bodies read',
    'gateway-started': 'Gateway started',
    'gateway-stopped': 'Gateway stopped',
    'events-pruned': 'Old events removed',
  },
  {
    'account-created': '已添加账号',
    'account-changed': '已修改账号',
    'account-removed': '已删除账号',
    'account-status': '账号状态变化',
    'account-signed-in': '账号已登录',
    'accounts-exported': '已导出账号',
    'accounts-imported': '已导入账号',
    'key-created': '已创建密钥',
    'key-changed': '已修改密钥',
    'key-rotated': '已更换密钥',
    'key-removed': '已吊销密钥',
    'operator-signed-in': '管理员已登录',
    'operator-signed-out': '管理员已退出',
    'operator-refused': '管理员访问被拒绝',
    'password-set': '已设置密码',
    'admin-token-created': '已创建脚本令牌',
    'admin-token-removed': '已吊销脚本令牌',
    'local-mode-ended': '免密码访问已终止',
    'master-key-rotated': '已轮换主密钥',
    'data-key-rotated': '已轮换数据密钥',
    'setting-changed': '已修改设置',
    'proxy-tested': '已测试代理',
    'capture-started': '已开启内容记录',
    'capture-stopped': '内容记录已结束',
    'captures-purged': '已清除记录的内容',
    'bodies-read': '已查看记录的内容',
    'gateway-started': '网关已启动',
    'gateway-stopped': '网关已停止',
    'events-pruned': '已清理旧事件',
  },
)

export const kinds = [
  'account-created',
  'account-changed',
  'account-removed',
  'account-status',
  'account-signed-in',
  'accounts-exported',
  'accounts-imported',
  'key-created',
  'key-changed',
  'key-rotated',
  'key-removed',
  'operator-signed-in',
  'operator-signed-out',
  'operator-refused',
  'password-set',
  'admin-token-created',
  'admin-token-removed',
  'local-mode-ended',
  'master-key-rotated',
  'data-key-rotated',
  'setting-changed',
  'proxy-tested',
  'capture-started',
  'capture-stopped',
  'captures-purged',
  'bodies-read',
  'gateway-started',
  'gateway-stopped',
  'events-pruned',
] as const satisfies readonly (keyof (typeof messages)['en'])[]

/** To be called while a component renders. One that this console does not know yet goes by its name. */
export function describeKind(kind: string): string {
  const known = kinds.find((each) => each === kind)
  return known === undefined ? kind : speak(messages)(known)
}

/** Those that somebody may have to look into. */
export function isAlarming({ kind }: Pick<EventEntry, 'kind'>): boolean {
  return kind === 'operator-refused' || kind === 'local-mode-ended'
}
