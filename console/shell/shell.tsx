import './common.ts'
import { useEffect } from 'preact/hooks'
import { speak } from '../i18n/messages.ts'
import { describeProblem } from '../i18n/problems.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { LanguageButton, PrivacyButton, ThemeButton } from '../parts/choices.tsx'
import { Icon } from '../parts/icon.tsx'
import { Lazy } from '../parts/lazy.tsx'
import { Link } from '../parts/link.tsx'
import { Empty } from '../parts/states.tsx'
import { ToastList } from '../parts/toast-list.tsx'
import { finishBeforeLeaving } from '../state/leaving.ts'
import { addressOf, goTo, route } from '../state/route.ts'
import { session, signOut } from '../state/session.ts'
import { changePreferences, preferences } from '../state/settings.ts'
import { showToast } from '../state/toasts.ts'
import { BannerZone } from './banner-zone.tsx'
import { CommandPalette, openPalette } from './command-palette.tsx'
import { LiveState } from './live-state.tsx'
import { messages } from './messages.ts'
import { pages } from './pages.ts'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { followShortcuts } from './shortcuts.ts'

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

function Rail() {
  const text = speak(messages)
  const { isRailNarrow } = preferences.value
  return (
    <div class="rail">
      <nav aria-label={text('pages')}>
        {pages.map(({ path, title, icon }) => (
          <Link
            key={path}
            href={addressOf(path)}
            class="rail-link"
            title={isRailNarrow ? text(title) : undefined}
            aria-current={route.value.page.split('/')[0] === path ? 'page' : undefined}
          >
            <Icon name={icon} />
            <span class="rail-word">{text(title)}</span>
          </Link>
        ))}
      </nav>
      <div class="rail-end">
        <a class="rail-link" href="/docs" target="_blank" rel="noopener">
          <Icon name="docs" />
          <span class="rail-word">{text('pageDocs')}</span>
        </a>
        <div class="rail-tools">
          <LanguageButton />
          <ThemeButton />
          {isBySession() && <IconButton icon="leave" label={text('signOut')} onClick={leave} />}
          <IconButton
            icon={isRailNarrow ? 'right' : 'left'}
            label={text(isRailNarrow ? 'widen' : 'narrow')}
            onClick={() => changePreferences({ isRailNarrow: !isRailNarrow })}
          />
        </div>
      </div>
    </div>
  )
}

function leave(): void {
  // The gateway refuses what it is asked for afterwards.
  const left = finishBeforeLeaving().then(signOut)
  left.catch((error: unknown) => showToast({ kind: 'failed', text: describeProblem(error) }))
}

function isBySession(): boolean {
  return session.value.kind === 'operator' && session.value.view.via === 'session'
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
