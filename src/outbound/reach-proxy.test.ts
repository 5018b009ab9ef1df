import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { reachProxy } from './reach-proxy.ts'

it('a proxy is reached where somebody listens', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  expect(await reachProxy(`http://name:word@127.0.0.1:${port}`, 2000)).toBe(true)
  expect(await reachProxy(`127.0.0.1:${port}`, 2000)).toBe(true)
  server.close()
  await once(server, 'close')
  expect(await reachProxy(`http://127.0.0.1:${port}`, 2000)).toBe(false)
})

it('what is no address is not reached', async () => {
  expect(await reachProxy('ftp://127.0.0.1:1/path', 2000)).toBe(false)
})
