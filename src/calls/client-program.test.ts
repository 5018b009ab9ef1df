import { describe, expect, it } from 'vitest'
import { clientProgram } from './client-program.ts'

describe('the program of a request', () => {
  it.each([
    ['claude-cli/2.1.0 (external, cli)', 'claude-cli 2.1.0'],
    ['OpenAI/Python 1.54.3', 'OpenAI Python 1.54.3'],
    ['Anthropic/JS 0.30.1', 'Anthropic JS 0.30.1'],
    ['codex_cli_rs/0.42.0-alpha.3 (Linux)', 'codex_cli_rs 0.42.0-alpha.3'],
    ['curl/8.5.0', 'curl 8.5.0'],
    ['node', 'node'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'browser'],
  ])('%s is %s', (userAgent, program) => expect(clientProgram(userAgent)).toBe(program))

  it.each([
    undefined,
    '',
    'sk-ant-oat01-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6',
    'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6/1.0',
    '<script>alert(1)</script>',
    '\u202Egpj',
    'x'.repeat(300),
  ])('%s tells nothing', (userAgent) => expect(clientProgram(userAgent)).toBeUndefined())

  it('is never long', () => {
    const name = Array.from({ length: 4 }, () => 'a'.repeat(16)).join('-')
    expect(clientProgram(`${name}/1234.12345.12345`)).toHaveLength(60)
  })
})
