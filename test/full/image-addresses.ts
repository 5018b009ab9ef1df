/** Thousands of addresses of images that seem to lead to this machine. Run: node test/full/image-addresses.ts [seed] [count] */
import { hostileImageUrl, openImageTrap } from './hostile/image-addresses.ts'
import { createRandom } from './hostile/random.ts'
import { runCases } from './hostile/raw-client.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 3000

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const trap = await openImageTrap()
await runCases({ count, atOnce: 50 }, async (index) => {
  const url = hostileImageUrl(createRandom(seed + index), trap.port)
  await trap.check(index % 3 === 0 ? trap.viaRedirect(url) : url, `client ${index}`)
})
const connections = trap.connections()
const redirects = trap.redirects()
await trap.close()
process.stdout.write(
  `${count} addresses, ${redirects} redirects: ${connections} connections to this machine\n`,
)
process.exitCode = connections === 0 ? 0 : 1
