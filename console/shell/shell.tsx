import './common.ts'
import phoneBarStyles from '../styles/phone-bar.css' with { type: 'text' }
import { useEffect } from 'preact/hooks'
import { speak } from '../i18n/messages.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { PrivacyButton } from '../parts/choices.tsx'
import { Lazy } from '../parts/lazy.tsx'
import { Empty } from '../parts/states.tsx'
import { ToastList } from '../parts/toast-list.tsx'
import { addressOf, goTo, route } from '../state/route.ts'
import { preferences } from '../state/settings.ts'
import { adoptStyles } from '../styles/adopt-styles.ts'
import { BannerZone } from './banner-zone.tsx'
import { CommandPalette, openPalette } from './command-palette.tsx'
import { LiveState } from './live-state.tsx'
import { messages } from './messages.ts'
import { pages } from './pages.ts'
import { Rail } from './rail.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { followShortcuts } from './shortcuts.ts'

adoptStyles(phoneBarStyles)

export { moreDrawings } from '../parts/more-drawings.ts'

/** What stands around every page: the rail, the bar, banners and messages. */
export function Shell() {
  const text = speak(messages)
  const page = pages.find(({ path }) => path === route.value.page.split('/')[0])
  const title = text(page?.title ?? 'noPage')
  useEffect(() => {
    document.title = `${title} · Aqueduct`
  }, [title])
  useEffect(followShortcuts, [])

  return (
    <div class={preferences.value.isRailNarrow ? 'shell narrow' : 'shell'}>
      <a class="skip" href="#page">
        {text('skip')}
      </a>
      <Rail />
      <div class="stage">
        <header class="bar">
          <h1>{title}</h1>
          <LiveState />
          <IconButton icon="command" label={text('commands')} onClick={openPalette} />
          <PrivacyButton />
        </header>
        <BannerZone />
        <main id="page" tabIndex={-1}>
          {page === undefined ? <NoPage /> : <Lazy key={page.path} load={page.load} />}
        </main>
      </div>
      <ToastList />
      <CommandPalette />
      <ShortcutSheet />
    </div>
  )
}

function NoPage() {
  const text = speak(messages)
  return (
    <Empty
      icon="search"
      title={text('noPage')}
      action={<Button onClick={() => goTo(addressOf(''))}>{text('toOverview')}</Button>}
    >
      <p>{text('noPageReason')}</p>
    </Empty>
  )
}
