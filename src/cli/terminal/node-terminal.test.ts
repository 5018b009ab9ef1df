import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createNodeTerminal } from './node-terminal.ts'

const CTRL_D = '\u0004'

function openTerminal() {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const stderr = Object.assign(new PassThrough(), { isTTY: true })
  const signals = new EventEmitter()
  const terminal = createNodeTerminal({
    stdin,
    stderr,
    stdout: new PassThrough(),
    env: {},
    on: (name: string, listener: () => void) => signals.on(name, listener),
    exit() {},
  })
  return { terminal, stdin, shown: () => String(stderr.read() ?? '') }
}

describe('a question', () => {
  it('is answered by a line', async () => {
    const { terminal, stdin } = openTerminal()
    const answer = terminal.ask('Sure? ')
    stdin.write('yes\r')
    expect(await answer).toBe('yes')
  })

  it('shows nothing of a secret', async () => {
    const { terminal, stdin, shown } = openTerminal()
    const answer = terminal.askSecret('Passphrase: ')
    stdin.write('canary\r')
    expect(await answer).toBe('canary')
    expect(shown()).toBe('Passphrase: \n')
  })

  it.each<['ask' | 'askSecret', string, (stdin: PassThrough) => void]>([
    ['ask', 'Ctrl-D', (stdin) => stdin.write(CTRL_D)],
    ['askSecret', 'Ctrl-D', (stdin) => stdin.write(CTRL_D)],
    ['ask', 'a terminal that goes', (stdin) => stdin.end()],
    ['askSecret', 'a terminal that goes', (stdin) => stdin.end()],
  ])('by %s ends with a sentence at %s', async (kind, _, leave) => {
    const { terminal, stdin } = openTerminal()
    const answer = terminal[kind]('Sure? ')
    leave(stdin)
    await expect(answer).rejects.toMatchObject({
      message: 'No answer was given. Nothing was done.',
      exitCode: 1,
    })
  })

  it('has nobody to answer it once the input has ended', async () => {
    const { terminal, stdin } = openTerminal()
    stdin.end('{}')
    expect((await terminal.readInput(1000)).toString()).toBe('{}')
    await expect(terminal.ask('Sure? ')).rejects.toMatchObject({ exitCode: 64 })
  })
})

describe('standard input', () => {
  it('that never ends is read as far as that is needed', async () => {
    const { terminal, stdin } = openTerminal()
    const reading = terminal.readInput(100_000)
    for (let count = 0; count < 100; count += 1) stdin.write('x'.repeat(10_000))
    expect(await reading).toHaveLength(100_000)
  })
})
