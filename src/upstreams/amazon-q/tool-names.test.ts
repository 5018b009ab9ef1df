import { describe, expect, it } from 'vitest'
import { createToolNames } from './tool-names.ts'

describe('createToolNames', () => {
  it.each([
    ['a valid name stays', 'read_file-2', 'read_file-2'],
    ['invalid characters become underscores', 'mcp:files/read', 'mcp_files_read'],
    ['a digit in front gets letters before it', '9lives', 't_9lives'],
    ['letters of other scripts become underscores too', '搜索 files', 't____files'],
    ['an empty name gets letters', '', 't_'],
    ['a name like that of a member of all objects stays', 'constructor', 'constructor'],
    ['64 characters stay', 'x'.repeat(64), 'x'.repeat(64)],
  ])('%s', (_name, clientName, serviceName) => {
    const names = createToolNames([clientName], [])
    expect(names.toService(clientName)).toBe(serviceName)
    expect(names.toClient(serviceName)).toBe(clientName)
  })

  it('shortens names to their first 50 characters and a hash, so that two long ones stay apart', () => {
    const [first, second] = [`${'x'.repeat(70)}1`, `${'x'.repeat(70)}2`]
    const names = createToolNames([first, second], [])
    expect(names.toService(first)).toMatch(/^x{50}_[0-9a-f]{8}$/)
    expect(names.toService(second)).not.toBe(names.toService(first))
    expect(names.toClient(names.toService(second))).toBe(second)
  })

  it('shortens a name that is too long only with the letters before it', () => {
    const names = createToolNames(['9'.repeat(63)], [])
    expect(names.toService('9'.repeat(63))).toMatch(/^t_9{48}_[0-9a-f]{8}$/)
  })

  it('keeps names apart that differ only in characters that are not taken, and leaves a valid one as it is', () => {
    const names = createToolNames(['a.b', 'a:b', 'a_b'], [])
    const pairs = [
      ['a.b', 'a_b_2'],
      ['a:b', 'a_b_3'],
      ['a_b', 'a_b'],
    ] as const
    for (const [clientName, serviceName] of pairs) {
      expect(names.toService(clientName)).toBe(serviceName)
      expect(names.toClient(serviceName)).toBe(clientName)
    }
  })

  it('keeps a suffixed name within 64 characters', () => {
    const names = createToolNames(['X'.repeat(64), 'x'.repeat(64)], [])
    expect(names.toService('x'.repeat(64))).toBe(`${'x'.repeat(62)}_2`)
  })

  it('forgives the case of a name in an answer, but prefers the exact one', () => {
    const names = createToolNames(['Read', 'bash'], [])
    expect(names.toClient('BASH')).toBe('bash')
    expect(names.toClient('Read')).toBe('Read')
    expect(names.toClient('invented')).toBe('invented')
  })

  it('takes a used name for the declared one that differs by case only, without changing the way back', () => {
    const names = createToolNames(['Read'], ['read', 'gone'])
    expect(names.toService('read')).toBe('Read')
    expect(names.toClient('Read')).toBe('Read')
    expect(names.toService('gone')).toBe('gone')
  })
})
