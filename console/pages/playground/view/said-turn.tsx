import { useState } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { Button, IconButton } from '../../../parts/button.tsx'
import { messages } from '../messages.ts'
import type { Turn } from '../request/turns.ts'
import type { Lane } from '../talk/lane.ts'
import { canAsk } from '../talk/playground-state.ts'
import type { TreeNode } from '../talk/tree.ts'
import { BranchSteps } from './branch-steps.tsx'
import { PictureStrip } from './picture-strip.tsx'

type UserTurn = Extract<Turn, { role: 'user' }>

/** What the operator has said; changed, it is sent again as a branch of its own. */
export function SaidTurn({ lane, node, turn }: { lane: Lane; node: TreeNode; turn: UserTurn }) {
  const text = speak(messages)
  const [isEdited, setEdited] = useState(false)
  return (
    <article class="turn said" aria-label={text('you')}>
      <PictureStrip pictures={turn.pictures} />
      {isEdited ? (
        <Editor
          said={turn.text}
          hasPictures={turn.pictures.length > 0}
          onCancel={() => setEdited(false)}
          onSend={(said) => lane.sayInstead(node.id, { ...turn, text: said })}
        />
      ) : (
        <p class="said-text break" dir="auto">
          {turn.text}
        </p>
      )}
      {!isEdited && (
        <div class="turn-tools">
          <IconButton icon="edit" label={text('edit')} onClick={() => setEdited(true)} />
          <BranchSteps lane={lane} node={node} />
        </div>
      )}
    </article>
  )
}

interface EditorProps {
  said: string
  hasPictures: boolean
  onSend: (text: string) => void
  onCancel: () => void
}

function Editor({ said, hasPictures, onSend, onCancel }: EditorProps) {
  const text = speak(messages)
  const [typed, setTyped] = useState(said)
  const isUnfit = !canAsk.value || (typed.trim() === '' && !hasPictures)
  return (
    <form
      class="said-editor"
      onSubmit={(event) => {
        event.preventDefault()
        if (isUnfit) return
        onCancel()
        onSend(typed)
      }}
    >
      <textarea
        aria-label={text('edit')}
        autofocus
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          onCancel()
        }}
      />
      <div class="actions">
        <Button onClick={onCancel}>{text('cancel')}</Button>
        <Button type="submit" look="primary" aria-disabled={isUnfit}>
          {text('send')}
        </Button>
      </div>
    </form>
  )
}
