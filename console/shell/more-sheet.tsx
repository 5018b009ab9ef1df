import { speak } from '../i18n/messages.ts'
import { IconButton } from '../parts/button.tsx'
import { LanguageButton, ThemeButton } from '../parts/choices.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { Link } from '../parts/link.tsx'
import { addressOf } from '../state/route.ts'
import { isBySession, leave } from './leave.ts'
import { messages } from './messages.ts'
import { pages } from './pages.ts'

/** What the bar of a phone has no room for. */
export function MoreSheet({ onClose }: { onClose: () => void }) {
  const text = speak(messages)
  return (
    <Dialog title={text('more')} look="sheet" onClose={onClose}>
      <nav class="more-pages" aria-label={text('morePages')}>
        {pages
          .filter(({ isInBar }) => !isInBar)
          .map(({ path, title, icon }) => (
            <Link key={path} href={addressOf(path)} class="more-page" onClick={onClose}>
              <Icon name={icon} />
              {text(title)}
            </Link>
          ))}
        <a class="more-page" href="/docs" target="_blank" rel="noopener">
          <Icon name="docs" />
          {text('pageDocs')}
        </a>
      </nav>
      <div class="actions more-tools">
        <LanguageButton />
        <ThemeButton />
        {isBySession() && <IconButton icon="leave" label={text('signOut')} onClick={leave} />}
      </div>
    </Dialog>
  )
}
