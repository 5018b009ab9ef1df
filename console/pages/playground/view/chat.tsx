import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { Empty } from '../../../parts/states.tsx'
import { messages } from '../messages.ts'
import { beginAnew, canAsk, lanes, modelOf, sayToAll, shownLanes } from '../talk/playground-state.ts'
import { Composer } from './composer.tsx'
import { LaneView } from './lane-view.tsx'

/** One conversation, or two beside each other, and where the next message is written. */
export function Chat() {
  const text = speak(messages)
  const names = shownLanes.value
  const isEmpty = names.every((name) => lanes[name].tree.value.leafId === undefined)
  return (
    <div class="chat">
      {isEmpty ? (
        <Beginning />
      ) : (
        <div class={names.length > 1 ? 'lanes two' : 'lanes'}>
          {names.map((name) => (
            <LaneView
              key={name}
              lane={lanes[name]}
              label={text(names.length < 2 ? 'viewChat' : name === 'first' ? 'lane1' : 'lane2')}
              title={names.length < 2 ? undefined : modelOf(name)}
            />
          ))}
        </div>
      )}
      <Composer />
      {!isEmpty && (
        <div class="actions">
          <Button look="quiet" icon="add" onClick={beginAnew}>
            {text('newChat')}
          </Button>
          <BranchHint />
        </div>
      )}
    </div>
  )
}

function BranchHint() {
  const text = speak(messages)
  const { value } = lanes.first.tree
  const isBranch = value.nodes.some(({ parentId }) => parentId === value.leafId && parentId !== undefined)
  return isBranch ? <span class="hint">{text('branched')}</span> : null
}

function Beginning() {
  const text = speak(messages)
  return (
    <Empty
      icon="playground"
      title={text('empty')}
      action={(['example1', 'example2', 'example3'] as const).map((example) => (
        <Button
          key={example}
          aria-disabled={!canAsk.value}
          onClick={() => sayToAll({ role: 'user', text: text(example), pictures: [] })}
        >
          {text(example)}
        </Button>
      ))}
    >
      <p>{text('emptyWhy')}</p>
    </Empty>
  )
}
