import { spawnSync } from 'node:child_process'
import { parseEnv } from 'node:util'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { CannotQuote, fillTemplate, quote, type Quoting } from './fill-template.ts'
import { cutAtMarks, put } from './mark-slots.ts'

const values = [
  'qk_plain-1.2',
  'http://[::1]:8000/v1',
  `it's "quoted"`,
  String.raw`$HOME \`id\` \\ $(id) ; & | < > ^ #`,
  '100% of %PATH%',
  'a b',
  '-n',
  'yes',
  '0x1f',
  'curly ‘quotes’',
  '密钥',
]
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((value) => !/\p{Cc}/u.test(value))

/** Undefined: it is refused. */
function tryQuote(quoting: Quoting, value: string): string | undefined {
  try {
    return quote(quoting, value)
  } catch (error) {
    if (error instanceof CannotQuote) return undefined
    throw error
  }
}

describe('a value is what it was, where it is read', () => {
  it.each(['sh', 'bash'])('by %s', (program) => {
    const script = values.map((value) => `printf '%s\\n' ${quote('sh', value)}`).join('\n')
    const { stdout } = spawnSync(program, ['-c', script], { encoding: 'utf8' })
    expect(stdout.trimEnd().split('\n')).toEqual(values)
  })

  it('by JavaScript', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(runInNewContext(quote('js', value))).toBe(value)
      }),
    )
  })

  it('by YAML', () => {
    fc.assert(fc.property(text, (value) => parseYaml(`a: ${quote('yaml', value)}`).a === value))
    for (const value of values) expect(parseYaml(`a: ${quote('yaml', value)}`)).toEqual({ a: value })
  })

  it('by files of variables', () => {
    const writable = values.filter((value) => tryQuote('env', value) !== undefined)
    expect(values.filter((value) => !writable.includes(value))).toEqual([`it's "quoted"`])
    for (const value of writable) expect(parseEnv(`A=${quote('env', value)}`)).toEqual({ A: value })
  })

  it('by PowerShell, as its language says of strings in single quotes', () => {
    fc.assert(
      fc.property(text, (value) => {
        const written = quote('powershell', value)
        const inside = /^'((?:[^'‘’‚‛]|(['‘’‚‛])\2)*)'$/u.exec(written)?.[1]
        expect(inside?.replaceAll(/(['‘’‚‛])\1/gu, '$1')).toBe(value)
      }),
    )
  })

  it('by a program that cmd starts, as the rules of its C library say', () => {
    fc.assert(
      fc.property(text, (value) => {
        const written = tryQuote('cmd', value)
        return written === undefined || readArgument(written) === value
      }),
    )
    expect(readArgument(quote('cmd', '{"a": "b\\"}'))).toBe('{"a": "b\\"}')
  })
})

describe('what a language cannot hold is refused', () => {
  it.each<[Quoting, string]>([
    ['cmd', '100%'],
    ['cmd', '"a" & b'],
    ['cmd-assignment', 'A=say "so"'],
    ['cmd-assignment', 'A=%B%'],
    ['powershell-argument', 'say "so"'],
    ['env', `'"`],
    ['sh', 'two\nlines'],
    ['json', '\u0000'],
  ])('in %s: %j', (quoting, value) => {
    expect(() => quote(quoting, value)).toThrow(CannotQuote)
  })
})

describe('a template', () => {
  it('is filled, and then quoted', () => {
    const pieces = cutAtMarks(`curl ${put('sh', '{{origin}}/v1')} -H ${put('sh', 'x-api-key: {{key}}')}\n`)
    expect(pieces.map(({ quoting }) => quoting)).toEqual([null, 'sh', null, 'sh', null])
    expect(fillTemplate(pieces, { origin: 'http://h', key: "it's" })).toBe(
      String.raw`curl http://h/v1 -H 'x-api-key: it'\''s'` + '\n',
    )
  })

  it('takes a key for text, whatever stands in it', () => {
    const pieces = cutAtMarks(put('json', '{{key}} {{origin}}'))
    expect(fillTemplate(pieces, { origin: '$&{{key}}', key: '{{origin}}$1' })).toBe(
      '"{{origin}}$1 $&{{key}}"',
    )
  })
})

/** Of one argument in quotes: backslashes count only in front of a quote. */
function readArgument(written: string): string {
  if (!written.startsWith('"')) return /^[\w./:-]+$/.test(written) ? written : ''
  let read = ''
  const inside = written.slice(1, -1)
  for (const [, backslashes = '', quoteSign = '', other = ''] of inside.matchAll(/(\\*)(?:(")|([^\\"]))/g)) {
    if (quoteSign === '') read += backslashes + other
    else read += '\\'.repeat((backslashes.length - 1) / 2) + quoteSign
  }
  const [ending = ''] = /\\*$/.exec(inside) ?? []
  return read + '\\'.repeat(ending.length / 2)
}
