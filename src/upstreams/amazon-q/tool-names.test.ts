import { describe, expect, it } from 'vitest'
import { createToolNames } from './tool-names.ts'

describe('createToolNames', () => {
  it.each([
    ['a valid name stays', 'read_file-2', 'read_file-2'],
    ['invalid characters become underscores', 'mcp:files/read', 'mcp_files_read'],
    ['a digit in front gets letters before it', '9lives', 't_9lives'],
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
