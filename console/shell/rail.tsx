import { useState } from 'preact/hooks'
import { speak } from '../i18n/messages.ts'
import { IconButton } from '../parts/button.tsx'
import { LanguageButton, ThemeButton } from '../parts/choices.tsx'
import { Icon } from '../parts/icon.tsx'
import { Link } from '../parts/link.tsx'
import { addressOf, route } from '../state/route.ts'
import { changePreferences, preferences } from '../state/settings.ts'
import { isBySession, leave } from './leave.ts'
import { messages } from './messages.ts'
import { MoreSheet } from './more-sheet.tsx'
import { pages, type Page } from './pages.ts'

/** All pages; on a phone a bar with a few of them, and what opens the rest. */
export function Rail() {
  const text = speak(messages)
  const { isRailNarrow } = preferences.value
  const [isMoreOpen, setMoreOpen] = useState(false)
  return (
    <>
      <div class="rail">
        <nav aria-label={text('pages')}>
          {pages.map((page) => (
            <RailLink key={page.path} page={page} />
          ))}
          <button
            type="button"
            class="rail-link rail-more"
            aria-haspopup="dialog"
            aria-current={pages.some((page) => !page.isInBar && isCurrent(page)) ? 'true' : undefined}
            onClick={() => setMoreOpen(true)}
          >
            <Icon name="more" />
            <span class="rail-word">{text('more')}</span>
          </button>
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
      {isMoreOpen && <MoreSheet onClose={() => setMoreOpen(false)} />}
    </>
  )
}

function RailLink({ page }: { page: Page }) {
  const text = speak(messages)
  return (
    <Link
      href={addressOf(page.path)}
      class={page.isInBar ? 'rail-link' : 'rail-link not-in-bar'}
      title={preferences.value.isRailNarrow ? text(page.title) : undefined}
      aria-current={isCurrent(page) ? 'page' : undefined}
    >
      <Icon name={page.icon} />
      <span class="rail-word">{text(page.title)}</span>
    </Link>
  )
}

function isCurrent({ path }: Page): boolean {
  return route.value.page.split('/')[0] === path
}
