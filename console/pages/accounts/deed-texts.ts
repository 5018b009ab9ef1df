import { defineMessages } from '../../i18n/messages.ts'

/** Said in messages when something was done with an account. */
export const deedTexts = defineMessages(
  {
    enabled: '{name} is enabled.',
    disabled: '{name} is disabled.',
    paused: '{name} is paused until {time}.',
    resumed: 'The pause of {name} has ended.',
    tokenRefreshed: 'The token of {name} was refreshed.',
    quotaRefreshed: 'The quota of {name} was read.',
    errorsReset: 'The failures of {name} are forgotten.',
    copied: 'The id was copied.',
    notCopied: 'This browser does not let the page copy: the id is {id}.',
    deleted: '{name} will be deleted in 10 seconds.',
    deletedMany: {
      one: '{count} account will be deleted in 10 seconds.',
      other: '{count} accounts will be deleted in 10 seconds.',
    },
  },
  {
    enabled: '已启用 {name}。',
    disabled: '已停用 {name}。',
    paused: '已暂停 {name}，至 {time}。',
    resumed: '已结束 {name} 的暂停。',
    tokenRefreshed: '已刷新 {name} 的令牌。',
    quotaRefreshed: '已读取 {name} 的额度。',
    errorsReset: '已清除 {name} 的失败记录。',
    copied: '已复制 ID。',
    notCopied: '浏览器不允许页面复制：ID 是 {id}。',
    deleted: '{name} 将在 10 秒后删除。',
    deletedMany: { other: '{count} 个账号将在 10 秒后删除。' },
  },
)
