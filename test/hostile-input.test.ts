/** What test/full tries by the thousand, at a small count. */
import { expect, it } from 'vitest'
import { hostileImageUrl, openImageTrap } from './full/hostile/image-addresses.ts'
import { checkPrototypeNames } from './full/hostile/prototype-names.ts'
import { createRandom } from './full/hostile/random.ts'
import { runCases } from './full/hostile/raw-client.ts'

const CASES = 300

it('S42: F9: no address of an image leads to this machine, however it is written', async () => {
  const trap = await openImageTrap()
  const random = createRandom(9)
  await runCases({ count: CASES, atOnce: 20 }, async (index) => {
    const url = hostileImageUrl(random, trap.port)
    await trap.check(index % 3 === 0 ? trap.viaRedirect(url) : url, `client ${index}`)
  })
  expect(trap.connections()).toBe(0)
  expect(trap.redirects()).toBeGreaterThan(50)
  await trap.close()
})

it('S49: no key of a body reaches a prototype', () => {
  const random = createRandom(49)
  for (let round = 0; round < CASES; round += 1) checkPrototypeNames(random)
  expect(Object.keys(Object.prototype)).toEqual([])
})
