/** What docs/hardening.md has people type does what it says. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readCurlExample } from './curl-example.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from './gateway-under-test.ts'
import { codeBlocksOf } from './markdown.ts'

const root = join(import.meta.dirname, '..')
const blocks = codeBlocksOf(readFileSync(join(root, 'docs/hardening.md'), 'utf8'))
const password = 'correct horse battery'
const madeKey = z.looseObject({ id: z.string(), key: z.string() })

/** What each command answers, in the order of the page. */
const answers: readonly object[] = [
  { name: 'monitor', scope: 'read', token: expect.stringMatching(/^qt_/) },
  {
    name: 'ci',
    key: expect.stringMatching(/^qk_/),
    addresses: ['192.0.2.0/24'],
    limits: { requests_per_minute: 60, concurrent_requests: 4, tokens_per_day: 2_000_000 },
  },
  { limits: { requests_per_minute: 60, tokens_per_day: 500_000, credits_per_month: 100 } },
  { status: 'rotating', key: expect.stringMatching(/^qk_/) },
  { status: 'revoked', revoked_at: expect.any(String) },
  { what: 'data', keyId: expect.any(String) },
  { what: 'master', keyId: expect.any(String) },
  { events: [{ kind: 'operator-refused' }] },
  { intact: true, problems: [], through: { hash: expect.any(String) }, nextCursor: null },
  { format: 'aqueduct-sealed' },
  { created: 0, duplicates: 1, invalid: 0 },
]

const linesOf = (text: string) => text.split('\n').map((line) => line.trim())

describe("the guide's commands", () => {
  const folder = mkdtempSync(join(tmpdir(), 'aqueduct-guide-'))
  const curls = blocks.filter(({ text }) => text.startsWith('curl ')).map(({ text }) => text)
  const commands = curls.map((text, index) => ({ text, answer: answers[index] ?? {} }))
  let gateway: GatewayUnderTest
  let keyId = 'none'
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ environment: { ADMIN_PASSWORD: password } })
    await gateway.fetch('/v2/accounts', { headers: { authorization: 'Bearer wrong' } })
    writeFileSync(join(folder, 'passphrase'), 'a passphrase of a test')
  })
  afterAll(async () => {
    await gateway.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Has the page make the file that a command sends. */
  function makeFile(name: string): string {
    const lines = blocks.flatMap(({ text }) => linesOf(text))
    const line = lines.find((each) => each.startsWith('printf ') && each.endsWith(`> ${name}`)) ?? ''
    execFileSync('sh', ['-c', line], { cwd: folder })
    return readFileSync(join(folder, name), 'utf8')
  }

  it('are all known here', () => {
    expect(curls).toHaveLength(answers.length)
  })

  it.each(commands)('are answered: $text', async ({ text, answer }) => {
    const [, body] = /-d @(\S+)/.exec(text) ?? []
    const [, output] = /-o (\S+)/.exec(text) ?? []
    const files = {
      'operator.header': `authorization: Bearer ${password}`,
      ...(body !== undefined && { [body]: makeFile(body) }),
    }
    const here = text.replaceAll('http://127.0.0.1:8000', gateway.url).replace('KEY_ID', keyId)
    const { url, init } = readCurlExample(here, files)
    const response = await fetch(url, init)
    const answered = await response.text()
    expect([response.status, JSON.parse(answered)]).toMatchObject([200, answer])
    if (output !== undefined) writeFileSync(join(folder, output), answered)
    keyId = madeKey.safeParse(JSON.parse(answered)).data?.id ?? keyId
  })
})

it("has nothing in the guide's piece for nginx that the sample does not have", () => {
  const sample = linesOf(readFileSync(join(root, 'deploy/nginx.conf'), 'utf8'))
  const piece = blocks.find(({ text }) => text.includes('proxy_buffering'))
  const lines = linesOf(piece?.text.trim() ?? '')
  expect(lines.length).toBeGreaterThan(8)
  expect(lines.filter((line) => !sample.includes(line))).toEqual([])
})
