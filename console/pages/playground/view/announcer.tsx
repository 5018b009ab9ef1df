import { useEffect, useState } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { textOf } from '../answer/answer.ts'
import { messages } from '../messages.ts'
import { isAnswering, lanes } from '../talk/playground-state.ts'
import { nextWords } from './next-words.ts'

const EVERY_MS = 5000

/** Reads the answer to those who listen: in whole sentences, and not all the time. */
export function Announcer() {
  const text = speak(messages)
  const [words, setWords] = useState('')
  const isBusy = isAnswering.value
  useEffect(() => {
    if (!isBusy) return undefined
    let told = 0
    setWords(text('answering'))
    const tell = () => {
      const answer = lanes.first.running.peek()?.answer
      const next = nextWords(answer === undefined ? '' : textOf(answer), told)
      if (next.words === '') return
      told = next.told
      setWords(next.words)
    }
    const timer = window.setInterval(tell, EVERY_MS)
    return () => {
      window.clearInterval(timer)
      setWords(text('answered'))
    }
  }, [isBusy])
  return (
    <p class="unseen" role="status" aria-live="polite">
      {words}
    </p>
  )
}
