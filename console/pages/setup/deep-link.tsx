import { useState } from 'preact/hooks'
import type { Setup } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Icon } from '../../parts/icon.tsx'
import { programOf, writeDeepLink, type LinkValues } from './deep-links.ts'
import { messages } from './messages.ts'

interface DeepLinkProps {
  link: NonNullable<Setup['deepLink']>
  values: LinkValues
  hasKey: boolean
}

/** A button that warns first: only then the page has the link in it. */
export function DeepLink({ link, values, hasKey }: DeepLinkProps) {
  const text = speak(messages)
  const [isOpen, setOpen] = useState(false)
  const program = programOf(link)
  const address = hasKey ? writeDeepLink(link, values) : undefined
  return (
    <>
      <Button
        icon="external"
        aria-disabled={address === undefined}
        title={address === undefined ? text(hasKey ? 'cannotWrite' : 'linkNeedsKey') : undefined}
        onClick={() => setOpen(address !== undefined)}
      >
        {text('openIn', { program })}
      </Button>
      {isOpen && address !== undefined && (
        <Dialog
          title={text('linkTitle')}
          onClose={() => setOpen(false)}
          footer={
            <>
              <Button onClick={() => setOpen(false)}>{text('cancel')}</Button>
              <a
                class="button primary"
                href={address}
                rel="noopener noreferrer"
                onClick={() => setOpen(false)}
              >
                <Icon name="external" />
                {text('follow', { program })}
              </a>
            </>
          }
        >
          <p>{text('linkWhy', { program })}</p>
        </Dialog>
      )}
    </>
  )
}
