import { signal } from '@preact/signals'
import { defineMessages, speak } from '../i18n/messages.ts'
import { Dialog } from '../parts/dialog.tsx'
import { messages as shellMessages } from './messages.ts'
import { pages } from './pages.ts'

const messages = defineMessages(
  {
    title: 'Keyboard shortcuts',
    everywhere: 'Everywhere',
    inLists: 'In lists',
    goTo: 'To {page}',
    commands: 'Commands',
    search: 'Search',
    privacy: 'Mask or show names',
    sheet: 'This list',
    close: 'Close what is on top',
    down: 'Next row',
    up: 'Row before',
    select: 'Select the row',
    range: 'Select up to the row',
    open: 'Open the row',
    enable: 'Enable or disable',
    test: 'Test',
    refresh: 'Refresh the token',
    step: 'Row before or next, while details are open',
    add: 'Add',
  },
  {
    title: '键盘快捷键',
    everywhere: '所有页面',
    inLists: '列表中',
    goTo: '前往{page}',
    commands: '命令',
    search: '搜索',
    privacy: '隐藏或显示名称',
    sheet: '此列表',
    close: '关闭最上层',
    down: '下一行',
    up: '上一行',
    select: '选择该行',
    range: '选择到该行',
    open: '打开该行',
    enable: '启用或停用',
    test: '测试',
    refresh: '刷新令牌',
    step: '详情打开时：上一行或下一行',
    add: '添加',
  },
)

const everywhere = [
  ['Ctrl K', 'commands'],
  ['/', 'search'],
  ['Shift P', 'privacy'],
  ['?', 'sheet'],
  ['Esc', 'close'],
] as const
const inLists = [
  ['j', 'down'],
  ['k', 'up'],
  ['x', 'select'],
  ['Shift x', 'range'],
  ['Enter', 'open'],
  ['e', 'enable'],
  ['t', 'test'],
  ['f', 'refresh'],
  ['[ ]', 'step'],
  ['n', 'add'],
] as const

const isOpen = signal(false)

export function openShortcutSheet(): void {
  isOpen.value = true
}

export function ShortcutSheet() {
  const text = speak(messages)
  const pageText = speak(shellMessages)
  if (!isOpen.value) return null
  const goings = pages.map(({ key, title }): [string, string] => [
    `g ${key}`,
    text('goTo', { page: pageText(title) }),
  ])
  return (
    <Dialog title={text('title')} look="wide" onClose={() => (isOpen.value = false)}>
      <div class="cards">
        <Keys
          title={text('everywhere')}
          keys={[...goings, ...everywhere.map(([key, name]) => [key, text(name)] as const)]}
        />
        <Keys title={text('inLists')} keys={inLists.map(([key, name]) => [key, text(name)] as const)} />
      </div>
    </Dialog>
  )
}

function Keys({ title, keys }: { title: string; keys: readonly (readonly [string, string])[] }) {
  return (
    <section class="stack">
      <h3>{title}</h3>
      <dl class="facts shortcut-list">
        {keys.map(([key, name]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((each) => (
                <kbd key={each}>{each}</kbd>
              ))}
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
