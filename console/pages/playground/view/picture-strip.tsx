import { formatNumber } from '../../../i18n/format.ts'
import { speak } from '../../../i18n/messages.ts'
import { IconButton } from '../../../parts/button.tsx'
import { messages } from '../messages.ts'
import type { Picture } from '../request/turns.ts'
import { dataUrlOf } from '../request/write-chat.ts'

/** Pictures of a message, small, with their size; to be taken away where that is still possible. */
export function PictureStrip({
  pictures,
  onRemove,
}: {
  pictures: readonly Picture[]
  onRemove?: (picture: Picture) => void
}) {
  const text = speak(messages)
  if (pictures.length === 0) return null
  return (
    <ul class="picture-strip">
      {pictures.map((picture, index) => (
        <li key={index}>
          <img src={dataUrlOf(picture)} alt={picture.name} />
          <span class="hint">
            {picture.width} × {picture.height}, {formatNumber(Math.ceil(picture.bytes / 1000))} kB
          </span>
          {onRemove !== undefined && (
            <IconButton
              icon="close"
              label={text('removePicture', { name: picture.name })}
              onClick={() => onRemove(picture)}
            />
          )}
        </li>
      ))}
    </ul>
  )
}
