/** The console's page and files as a browser, or somebody who is none, gets them. */
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { openSocket, readAll } from '../send.ts'

let gateway: GatewayUnderTest
let assets: string[]
const names = (page: string) =>
  [...page.matchAll(/\/console\/assets\/([^"]+)"/g)].map(([, name = '']) => name)
/** As it was written: no client in between tidies the path up, or unpacks the body. */
const ask = async (target: string, headers = '', method = 'GET') =>
  readAll(
    await openSocket(
      gateway.url,
      `${method} ${target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${headers}\r\n`,
    ),
  )
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1])

beforeAll(async () => {
  const launcher: { buildBundle(node: string): Promise<void> } = createRequire(import.meta.url)(
    '../../bin/launcher/build.cjs',
  )
  await launcher.buildBundle(process.execPath)
  gateway = await startGatewayUnderTest({ environment: { ADMIN_PASSWORD: 'correct horse battery' } })
  assets = names(await (await gateway.fetch('/')).text())
}, 120_000)
afterAll(() => gateway.close())

describe('the console', () => {
  it.each(['/', '/console', '/console/', '/console/accounts?add=1', '/console/any/depth'])(
    'is one page, which nobody keeps: %s',
    async (path) => {
      const answer = await gateway.fetch(path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
      expect(policy).not.toContain('unsafe')
      const page = await answer.text()
      expect(names(page)).toEqual(assets)
      // Neither code nor style stands in the page itself, nor anything of another host.
      expect(page).not.toMatch(/<style|style=|<script>|https?:|\bon\w+=/)
    },
  )

  it('names its files by their content, so that they are kept for ever', async () => {
    expect(assets.length).toBeGreaterThanOrEqual(5)
    for (const name of assets) {
      expect(name).toMatch(/-[0-9A-Za-z]{8}\.(js|css|svg|webmanifest)$/)
      const answer = await gateway.fetch(`/console/assets/${name}`)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('vary')).toContain('accept-encoding')
    }
  })

  it.each([
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['BR;q=0.5', 'br'],
    ['gzip', null],
    ['br;q=0', null],
    ['identity', null],
  ])('is packed for whoever takes it packed: %s', async (accepted, encoding) => {
    const script = assets.find((name) => name.startsWith('main-')) ?? ''
    const headers = { 'accept-encoding': accepted }
    const answer = await fetch(`${gateway.url}/console/assets/${script}`, { headers })
    expect(answer.headers.get('content-encoding')).toBe(encoding)
    const raw = await ask(`/console/assets/${script}`, `accept-encoding: identity\r\n`)
    expect(raw.slice(raw.indexOf('\r\n\r\n') + 4)).toBe(await answer.text())
  })

  it('packs what it says it packs', async () => {
    const answer = await fetchPacked(`${gateway.url}/console/assets/${assets[0] ?? ''}`)
    const plain = await (await gateway.fetch(`/console/assets/${assets[0] ?? ''}`)).text()
    expect(brotliDecompressSync(answer).toString()).toBe(plain)
  })

  it.each([
    '/console/assets/none-12345678.js',
    '/console/assets/files.json',
    '/console/assets/index.html',
    '/console/assets/..%2ffiles.json',
    '/console/assets/..%2f..%2fmain.js',
    '/console/assets/%2e%2e%2f%2e%2e%2fpackage.json',
    '/console/assets/..%5c..%5cmain.js',
    '/console/assets/%2fetc%2fpasswd',
    '/console/assets/__proto__',
    '/console/assets/%00',
  ])('has no file %s', async (path) => {
    const answer = await ask(path)
    expect(statusOf(answer)).toBe(404)
    expect(answer).toContain('The console has no such file.')
  })

  it.each(['/console/assets/../files.json', '/console/../package.json', '/../../etc/passwd'])(
    'is not left by %s',
    async (path) => {
      const answer = await ask(path)
      expect(answer).not.toMatch(/"version"|root:|"bytes"/)
    },
  )

  it('answers a look at its head without reading the page', async () => {
    const answer = await ask('/', '', 'HEAD')
    expect(statusOf(answer)).toBe(200)
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe('')
  })

  it('is gone with the operator routes when it is switched off, and nothing else is', async () => {
    const closed = await startGatewayUnderTest({
      withAccount: false,
      environment: { ENABLE_CONSOLE: 'false' },
    })
    const paths = [
      '/console',
      '/console/accounts',
      `/console/assets/${assets[0] ?? ''}`,
      '/v2/accounts',
      '/v2/session',
    ]
    for (const path of paths) {
      const answer = await closed.fetch(path)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toContain('application/json')
    }
    expect(await (await closed.fetch('/')).text()).not.toContain('<html')
    expect((await closed.fetch('/healthz')).status).toBe(200)
    expect((await closed.fetch('/v1/models')).status).toBe(200)
    await closed.close()
  })
})

/** With its packing on. */
function fetchPacked(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { 'accept-encoding': 'br' } }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => resolve(Buffer.concat(pieces)))
    })
    asked.on('error', reject)
    asked.end()
  })
}
