import { signal } from '@preact/signals'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { defineMessages, speak } from '../i18n/messages.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { addressOf, goTo } from '../state/route.ts'
import { changePreferences, preferences } from '../state/settings.ts'
import { messages as shellMessages } from './messages.ts'
import { pages } from './pages.ts'
import { isDarkNow } from '../parts/choices.tsx'

const messages = defineMessages(
  {
    title: 'Commands',
    search: 'Type a command or a page',
    none: 'Nothing matches.',
    addAccount: 'Add an account',
    makeKey: 'Make an API key',
    theme: 'Switch the theme',
    language: '切换到中文',
    privacy: 'Mask or show names',
    shortcuts: 'Single-letter shortcuts on or off',
  },
  {
    title: '命令',
    search: '输入命令或页面名称',
    none: '没有匹配项。',
    addAccount: '添加账号',
    makeKey: '创建 API 密钥',
    theme: '切换主题',
    language: 'Switch to English',
    privacy: '隐藏或显示名称',
    shortcuts: '开启或关闭单键快捷键',
  },
)

interface Command {
  name: string
  icon: IconName
  run: () => void
}

const isOpen = signal(false)

export function openPalette(): void {
  isOpen.value = true
}

export function CommandPalette() {
  return isOpen.value ? <OpenPalette /> : null
}

function OpenPalette() {
  const text = speak(messages)
  const [sought, setSought] = useState('')
  const [at, setAt] = useState(0)
  const dialog = useRef<HTMLDialogElement>(null)
  const listId = useId()
  const commands = listCommands().filter(({ name }) => isMatch(name, sought))
  // Before anything is painted: the keys that follow at once are meant for its field.
  useLayoutEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])

  function onKeyDown(event: KeyboardEvent): void {
    // The keys are those of a list of Chinese characters then.
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter') choose(commands[at])
    else if (step !== undefined && commands.length > 0) setAt((at + step + commands.length) % commands.length)
    else return
    event.preventDefault()
  }

  return (
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label={text('title')}
      onCancel={(event) => {
        event.preventDefault()
        isOpen.value = false
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) isOpen.value = false
      }}
    >
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={commands.length === 0 ? undefined : `${listId}-${at}`}
        aria-label={text('search')}
        placeholder={text('search')}
        autofocus
        value={sought}
        onInput={(event) => {
          setSought(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} role="listbox" aria-label={text('title')}>
        {commands.map((command, index) => (
          <li
            key={command.name}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => setAt(index)}
            onClick={() => choose(command)}
          >
            <Icon name={command.icon} />
            {command.name}
          </li>
        ))}
      </ul>
      {commands.length === 0 && <p class="hint">{text('none')}</p>}
    </dialog>
  )
}

function listCommands(): Command[] {
  const text = speak(messages)
  const pageText = speak(shellMessages)
  const { language, privacy, shortcuts } = preferences.value
  return [
    ...pages.map(({ path, title, icon }) => ({
      name: pageText(title),
      icon,
      run: () => goTo(addressOf(path)),
    })),
    { name: text('addAccount'), icon: 'add', run: () => goTo(addressOf('accounts', { add: '1' })) },
    { name: text('makeKey'), icon: 'keys', run: () => goTo(addressOf('keys', { new: '1' })) },
    {
      name: text('theme'),
      icon: 'moon',
      run: () => changePreferences({ theme: isDarkNow() ? 'light' : 'dark' }),
    },
    {
      name: text('language'),
      icon: 'language',
      run: () => changePreferences({ language: language === 'en' ? 'zh-CN' : 'en' }),
    },
    { name: text('privacy'), icon: 'eye', run: () => changePreferences({ privacy: !privacy }) },
    { name: text('shortcuts'), icon: 'command', run: () => changePreferences({ shortcuts: !shortcuts }) },
  ]
}

function choose(command: Command | undefined): void {
  if (command === undefined) return
  isOpen.value = false
  command.run()
}

/** All that was typed occurs in order, wherever. */
function isMatch(name: string, sought: string): boolean {
  let from = 0
  for (const character of sought.toLowerCase().replaceAll(' ', '')) {
    const at = name.toLowerCase().indexOf(character, from)
    if (at < 0) return false
    from = at + 1
  }
  return true
}
