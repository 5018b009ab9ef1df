import { formatNumber } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { unreachable } from '../../../unreachable.ts'
import type { TakenPictures } from '../images/take-pictures.ts'
import { messages } from '../messages.ts'

/** Why files were not taken. */
export function RefusedPictures({ refused }: Pick<TakenPictures, 'refused'>) {
  const words = refused.map(sayWhy)
  if (words.length === 0) return null
  return (
    <ul class="field-error" role="alert">
      {[...new Set(words)].map((word) => (
        <li key={word}>{word}</li>
      ))}
    </ul>
  )
}

function sayWhy({ name, why, bytes }: TakenPictures['refused'][number]): string {
  const text = speak(messages)
  switch (why) {
    case 'format':
      return text('pictureFormat', { name })
    case 'bytes':
      return text('pictureBytes', { name, size: formatNumber(bytes / 1_000_000) })
    case 'pixels':
      return text('picturePixels', { name })
    case 'broken':
      return text('pictureBroken', { name })
    case 'count':
      return text('pictureCount')
    default:
      return unreachable(why)
  }
}
