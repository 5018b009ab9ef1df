import { describe, expect, it } from 'vitest'
import { calculate } from './calculate.ts'
import { answerCall, presets } from './presets.ts'
import { readTools, writeTools } from './read-tools.ts'

describe('an expression', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['-2 ^ 2', -4],
    ['2 ^ 3 ^ 2', 512],
    ['10 / 4 - .5', 2],
    ['7 % 4', 3],
    ['--3', 3],
  ])('%s is %d', (expression, value) => {
    expect(calculate(expression)).toBe(value)
  })

  it.each(['', '1 +', '(1', '1)', '1 / 0', 'alert(1)', '1 2', '2 ** 3', '1'.repeat(1001)])(
    '%s is none',
    (text) => {
      expect(calculate(text)).toBeUndefined()
    },
  )
})

describe('a preset', () => {
  it.each([
    ['calculator', '{"expression":"6*7"}', '{"result":42}', false],
    ['calculator', '{"expression":"x"}', 'This is no expression that can be worked out.', true],
    ['echo', '{"text":"hi"}', 'hi', false],
    ['unknown', '{}', '{"ok":true}', false],
  ])('%s answers %s', (name, input, text, isError) => {
    expect(answerCall(name, input)).toEqual({ text, isError })
  })

  it('tells the weather of a city, and the same one again', () => {
    expect(answerCall('get_weather', '{"city":"Paris"}')).toEqual(
      answerCall('get_weather', '{"city":"Paris"}'),
    )
    expect(answerCall('get_weather', 'no JSON').text).toContain('celsius')
  })

  it('can be read back from the editor', () => {
    expect(readTools(writeTools(presets))).toEqual({ kind: 'tools', tools: presets })
  })
})

describe('tools that were typed', () => {
  it.each([
    ['', { kind: 'tools', tools: [] }],
    ['[', { kind: 'no-json' }],
    ['{}', { kind: 'no-list' }],
    ['[{}]', { kind: 'no-name', at: 1 }],
    ['[{"name":"a b"}]', { kind: 'no-name', at: 1 }],
    ['[{"name":"a"},{"name":"b","parameters":3}]', { kind: 'no-schema', at: 2 }],
    ['[{"name":"a"},{"name":"a"}]', { kind: 'same-name', at: 2 }],
  ])('%s', (text, read) => {
    expect(readTools(text)).toEqual(read)
  })
})
