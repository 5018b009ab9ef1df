import { useComputed } from '@preact/signals'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { Button } from '../../../parts/button.tsx'
import { unreachable } from '../../../unreachable.ts'
import { messages } from '../messages.ts'
import type { CallResult } from '../request/turns.ts'
import type { Lane } from '../talk/lane.ts'
import { pathTo, siblingsOf, type TreeNode } from '../talk/tree.ts'
import { AnswerTurn } from './answer-turn.tsx'
import { RunningAnswer } from './running-answer.tsx'
import { SaidTurn } from './said-turn.tsx'

/** Nearer to the end than this, in pixels, somebody wants to see what comes. */
const NEAR = 48

interface LaneViewProps {
  lane: Lane
  label: string
  /** Of several, which one it is. */
  title: string | undefined
}

/** One conversation, which follows what comes until somebody scrolls up. */
export function LaneView({ lane, label, title }: LaneViewProps) {
  const text = speak(messages)
  const list = useRef<HTMLDivElement>(null)
  const isFollowing = useRef(true)
  const [isAway, setAway] = useState(false)
  const tree = lane.tree.value
  const path = pathTo(tree, tree.leafId)
  // Which one it is changes seldom, what it says all the time.
  const runningId = useComputed(() => lane.running.value?.nodeId).value

  function toLatest(): void {
    const element = list.current
    if (element !== null) element.scrollTop = element.scrollHeight
  }
  useLayoutEffect(() => {
    // Whoever says something wants to see what comes of it.
    if (path.at(-1)?.turn.role !== 'assistant') isFollowing.current = true
    if (isFollowing.current) toLatest()
  })
  function onScroll(): void {
    const element = list.current
    if (element === null) return
    isFollowing.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR
    setAway(!isFollowing.current)
  }

  return (
    <section class="lane" aria-label={label}>
      {title !== undefined && <h3 class="break">{title}</h3>}
      <div
        ref={list}
        class="lane-turns"
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={label}
      >
        {path.map((node, index) =>
          node.id === runningId ? (
            <RunningAnswer
              key={node.id}
              lane={lane}
              onPaint={() => {
                if (isFollowing.current) toLatest()
              }}
            />
          ) : (
            <Settled key={node.id} lane={lane} node={node} next={path[index + 1]} />
          ),
        )}
      </div>
      {isAway && (
        <Button icon="down" onClick={toLatest}>
          {text('latest')}
        </Button>
      )}
    </section>
  )
}

/** Drawn again only when it has changed: not for each word of the answer below it. */
function Settled({ lane, node, next }: { lane: Lane; node: TreeNode; next: TreeNode | undefined }) {
  const siblings = siblingsOf(lane.tree.value, node).length
  return useMemo(
    () => <TurnView lane={lane} node={node} isLast={next === undefined} />,
    [node.turn, next === undefined, siblings],
  )
}

function TurnView({ lane, node, isLast }: { lane: Lane; node: TreeNode; isLast: boolean }) {
  const { turn } = node
  switch (turn.role) {
    case 'user':
      return <SaidTurn lane={lane} node={node} turn={turn} />
    case 'assistant':
      return <AnswerTurn lane={lane} node={node} progress={turn} isLast={isLast} />
    case 'results':
      return <Results results={turn.results} />
    case 'raw':
      return <RawTurn />
    default:
      return unreachable(turn)
  }
}

function Results({ results }: { results: readonly CallResult[] }) {
  const text = speak(messages)
  return (
    <article class="turn said" aria-label={text('toolAnswered')}>
      {results.map((result) => (
        <pre key={result.callId} tabIndex={0} aria-label={text('toolAnswered')}>
          {result.text}
        </pre>
      ))}
    </article>
  )
}

function RawTurn() {
  const text = speak(messages)
  return (
    <article class="turn said" aria-label={text('you')}>
      <p class="hint">{text('raw')}</p>
    </article>
  )
}
