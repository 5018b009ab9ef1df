import { describe, expect, it } from 'vitest'
import type { ReplyEvent, Usage } from '../conversation/reply.ts'
import { createCall } from '../calls/call.ts'
import { noteAnswer } from './call-notes.ts'

const usage: Usage = {
  inputTokens: 10,
  outputTokens: 55,
  cacheReadTokens: 0,
  cacheWriteTokens: 1200,
  credits: 0.03,
  source: 'upstream',
}
const secret = 'nobody else may read this'
const said: ReplyEvent[] = [
  { type: 'reply-start' },
  { type: 'block-start', block: { kind: 'text' } },
  { type: 'block-delta', text: secret },
]

function note(...events: ReplyEvent[]) {
  const notes = createCall({ dialect: 'openai-chat', model: 'm', stream: true })
  const passed: ReplyEvent[] = []
  const noted = noteAnswer(
    {
      describe: () => {},
      push: (event) => void passed.push(event),
      flush: () => true,
      hasContentLeft: () => false,
      onDrain: () => {},
    },
    notes,
    7,
  )
  for (const event of events) noted.sink.push(event)
  return { ...noted, notes, passed }
}

describe('the notes of a call', () => {
  it('have the numbers of the service, and nothing of what was said', () => {
    const events: ReplyEvent[] = [
      ...said,
      { type: 'block-end' },
      { type: 'reply-end', stopReason: 'end-turn', usage },
    ]
    const { notes, passed, noteBreak } = note(...events)
    noteBreak()
    expect(passed).toEqual(events)
    expect(notes).toEqual({
      dialect: 'openai-chat',
      model: 'm',
      stream: true,
      choices: [],
      attempts: [],
      stopReason: 'end-turn',
      usage,
    })
    expect(JSON.stringify(notes)).not.toContain(secret)
  })

  it('count by estimate what left of an answer that broke off', () => {
    const { notes, noteBreak } = note(...said)
    noteBreak()
    expect(notes.usage).toEqual({
      inputTokens: 7,
      outputTokens: 5,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      source: 'estimated',
    })
  })

  it('invent no numbers for an answer that never began', () => {
    const { notes, noteBreak } = note({ type: 'reply-start' })
    noteBreak()
    expect(notes.usage).toBeUndefined()
  })

  it('tell repairs, losses and remedies where there were any', () => {
    const { notes, sink, noteRemedy } = note()
    sink.describe({ losses: [], repairs: [] })
    expect(notes).not.toHaveProperty('repairs')
    noteRemedy()
    noteRemedy()
    sink.describe({ losses: [{ kind: 'effort' }, { kind: 'thinking' }], repairs: ['refresh'] })
    expect(notes).toMatchObject({ repairs: ['refresh'], losses: 2, remedies: 2 })
  })
})
