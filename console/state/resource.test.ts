import { describe, expect, it } from 'vitest'
import { createResource } from './resource.ts'

/** Answers when it is told to, in order. */
function createSlowReads() {
  const asked: { give: (value: string) => void; signal: AbortSignal }[] = []
  const read = (signal: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<string>()
    asked.push({ give: resolve, signal })
    return promise
  }
  return { asked, read }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('a resource', () => {
  it('shows the last of what was asked for', async () => {
    const { asked, read } = createSlowReads()
    const resource = createResource(read)
    const first = resource.load()
    const second = resource.load()
    expect(asked[0]?.signal.aborted).toBe(true)
    asked[1]?.give('new')
    asked[0]?.give('old')
    await Promise.all([first, second])
    expect(resource.state.value).toMatchObject({ value: 'new', isLoading: false })
  })

  it('reads once more what was on its way when something was shown before', async () => {
    const { asked, read } = createSlowReads()
    const resource = createResource(read)
    const loading = resource.load()
    resource.set('expected')
    asked[0]?.give('from before')
    await turn()
    expect(resource.state.value).toMatchObject({ value: 'expected', isLoading: true })
    asked[1]?.give('from after')
    await loading
    expect(resource.state.value).toMatchObject({ value: 'from after', isLoading: false })
  })

  it('gives way when that happens again and again', async () => {
    const { asked, read } = createSlowReads()
    const resource = createResource(read)
    const loading = resource.load()
    for (const [index, value] of ['a', 'b', 'c'].entries()) {
      resource.set(value)
      asked[index]?.give('old')
      await turn()
    }
    await loading
    expect(asked).toHaveLength(3)
    expect(resource.state.value).toMatchObject({ value: 'c', isLoading: false })
  })

  it('keeps what it has when it cannot be read', async () => {
    const resource = createResource<string>(() => Promise.reject(new Error('away')))
    resource.set('known')
    await resource.load()
    expect(resource.state.value).toMatchObject({
      value: 'known',
      error: new Error('away'),
      isLoading: false,
    })
  })
})
