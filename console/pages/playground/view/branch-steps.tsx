import { speak } from '../../../i18n/messages.ts'
import { IconButton } from '../../../parts/button.tsx'
import { messages } from '../messages.ts'
import type { Lane } from '../talk/lane.ts'
import { siblingsOf, type TreeNode } from '../talk/tree.ts'

/** Which of several branches is shown, and the way to the others. */
export function BranchSteps({ lane, node }: { lane: Lane; node: TreeNode }) {
  const text = speak(messages)
  const siblings = siblingsOf(lane.tree.value, node)
  const at = siblings.findIndex(({ id }) => id === node.id)
  if (siblings.length < 2) return null
  const step = (by: number) => {
    const next = siblings[(at + by + siblings.length) % siblings.length]
    if (next !== undefined) lane.choose(next.id)
  }
  return (
    <span class="branch-steps">
      <IconButton icon="left" label={text('before')} onClick={() => step(-1)} />
      <span>{text('branchOf', { at: at + 1, count: siblings.length })}</span>
      <IconButton icon="right" label={text('after')} onClick={() => step(1)} />
    </span>
  )
}
