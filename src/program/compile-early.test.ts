import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { compileEarly } from './compile-early.ts'

describe('compiling early', () => {
  it.each([
    { version: '13.6.233.17-node.51', flags: ['--invocation-count-for-turbofan=1000'] },
    { version: '12.4.254.21-node.33', flags: [] },
    { version: '14.0.1', flags: [] },
  ])('asks V8 $version for $flags', ({ version, flags }) => {
    const asked: string[] = []
    compileEarly(version, (flag) => asked.push(flag))
    expect(asked).toStrictEqual(flags)
  })

  it('asks this V8 for nothing that it does not know, of which it would complain', () => {
    const module = new URL('compile-early.ts', import.meta.url).href
    const program = `import('${module}').then(({ compileEarly }) => compileEarly(process.versions.v8))`
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--eval', program], { encoding: 'utf8' })
    expect({ status, stdout, stderr }).toStrictEqual({ status: 0, stdout: '', stderr: '' })
  })
})
