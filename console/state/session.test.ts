import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { storeTalk } from './kept-talk.ts'
import { readSession, session, signOut } from './session.ts'

function answerWith(answer: () => Response): void {
  vi.stubGlobal('fetch', async () => answer())
}
const down = () => {
  throw new TypeError('Failed to fetch')
}
const refusal = (status: number) => () => Response.json({ error: { message: 'No.' } }, { status })

describe('who the console is to the gateway', () => {
  beforeEach(async () => {
    session.value = { kind: 'unknown' }
    answerWith(() => Response.json({ via: 'session' }))
    await readSession()
  })
  afterEach(() => void vi.unstubAllGlobals())

  it.each([
    ['does not answer', down],
    ['is behind a proxy that does not reach it', refusal(502)],
    ['is asked too often', refusal(429)],
  ])('stays known while the gateway %s', async (_, answer) => {
    answerWith(answer)
    await readSession()
    expect(session.value.kind).toBe('operator')
  })

  it('is told that the session has ended', async () => {
    answerWith(refusal(401))
    await readSession()
    expect(session.value).toEqual({ kind: 'signed-out', hasEnded: true })
  })

  it('is told that nobody is let in from here any more', async () => {
    answerWith(refusal(403))
    await readSession()
    expect(session.value.kind).toBe('closed')
  })

  it('is nobody after signing out, and what the playground has kept is gone, whichever page was open', async () => {
    const stored = new Map<string, string>()
    vi.stubGlobal('localStorage', {
      setItem: (name: string, text: string) => void stored.set(name, text),
      removeItem: (name: string) => void stored.delete(name),
    })
    storeTalk('What was said')
    expect(stored.size).toBe(1)
    await signOut()
    expect([session.value, stored.size]).toEqual([{ kind: 'signed-out', hasEnded: false }, 0])
  })

  it('is not known at first where the gateway does not answer', async () => {
    session.value = { kind: 'unknown' }
    answerWith(down)
    await readSession()
    expect(session.value.kind).toBe('closed')
  })
})
