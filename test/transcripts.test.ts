/** What test/full tries by the thousand, at a small count. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from './full/hostile/random.ts'
import { openTranscripts } from './full/hostile/transcripts.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from './gateway-under-test.ts'

const SEED = 24

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest()
})
afterAll(() => gateway.close())

it('F24: a recorded request is answered alike, whatever nobody knows yet is added to it', async () => {
  const transcripts = openTranscripts(gateway)
  expect(transcripts.names.length).toBeGreaterThan(30)
  for (const [index, name] of transcripts.names.entries()) {
    const seed = SEED + index
    await expect(
      transcripts.check(name, createRandom(seed)),
      `${name} with seed ${seed}`,
    ).resolves.toBeUndefined()
  }
})
