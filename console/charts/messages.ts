import { defineMessages } from '../i18n/messages.ts'

export const messages = defineMessages(
  {
    asTable: 'As a table',
    show: 'Show {name}',
    time: 'Time',
    none: 'none',
    rows: 'Each row begins at the time it names. Rows without a request are left out.',
    nothing: 'Nothing in this time.',
    sumOf: '{name}: {total} in all, {most} at most at a time.',
    spanOf: '{name}: between {least} and {most}, {latest} at last.',
    unknown: '{name}: no data.',
    keys: 'Arrow keys go from step to step.',
    marks: 'What happened in this time',
    moreMarks: { one: '{count} more', other: '{count} more' },
  },
  {
    asTable: '以表格显示',
    show: '显示{name}',
    time: '时间',
    none: '无',
    rows: '每行从所列时间开始，没有请求的行已省略。',
    nothing: '这段时间内没有数据。',
    sumOf: '{name}：共 {total}，单个时段最多 {most}。',
    spanOf: '{name}：{least} 至 {most}，最近为 {latest}。',
    unknown: '{name}：暂无数据。',
    keys: '使用方向键可逐点查看。',
    marks: '这段时间内的事件',
    moreMarks: { other: '另有 {count} 条' },
  },
)
