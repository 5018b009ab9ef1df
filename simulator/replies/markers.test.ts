import { describe, expect, it } from 'vitest'
import { behaviourNames } from './behaviour.ts'
import { readMarkers, withoutMarkers } from './markers.ts'

describe('markers', () => {
  it.each([
    { prompt: 'Hi', behaviour: undefined },
    { prompt: '[[sim:one-tool]]', behaviour: { kind: 'named', name: 'one-tool' } },
    { prompt: 'a [[sim:stall]] b [[sim:empty]]', behaviour: { kind: 'named', name: 'empty' } },
    { prompt: '[[sim:text:Hello [you]: x]]', behaviour: { kind: 'text', text: 'Hello [you]: x' } },
    { prompt: '[[sim:characters:5]]', behaviour: { kind: 'text', text: 'lorem' } },
    { prompt: '[[sim:tool:ls]]', behaviour: { kind: 'tool', name: 'ls', input: {} } },
    {
      prompt: '[[sim:tool:ls:{"paths":["a"]}]]',
      behaviour: { kind: 'tool', name: 'ls', input: { paths: ['a'] } },
    },
    { prompt: '[[sim:tool:ls:{"paths"]]', behaviour: undefined },
    { prompt: '[[sim:no-such-thing]]', behaviour: undefined },
  ])('$prompt', ({ prompt, behaviour }) => {
    expect(readMarkers(prompt).behaviour).toEqual(behaviour)
  })

  it.each([
    { prompt: '[[sim:slice:7]] [[sim:frame-delay:20]]', delivery: { slice: 7, frameDelayMs: 20 } },
    { prompt: '[[sim:slice:whole]]', delivery: { slice: 'whole' } },
    { prompt: '[[sim:dribble]]', delivery: { slice: 1 } },
    { prompt: '[[sim:headers-delay:5]]', delivery: { headersDelayMs: 5 } },
    { prompt: '[[sim:first-byte-delay:5]]', delivery: { firstByteDelayMs: 5 } },
    { prompt: '[[sim:slice:0]] [[sim:slice:fast]]', delivery: {} },
  ])('delivery of $prompt', ({ prompt, delivery }) => {
    expect(readMarkers(prompt)).toEqual({ behaviour: undefined, delivery })
  })

  it('can name every behaviour', () => {
    const unreadable = behaviourNames.filter(
      (name) => readMarkers(`[[sim:${name}]]`).behaviour?.kind !== 'named',
    )
    expect(unreadable).toEqual([])
  })

  it('can be taken out of a prompt', () => {
    expect(withoutMarkers('Say [[sim:dribble]]hello')).toBe('Say hello')
  })
})
