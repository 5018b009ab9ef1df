import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCredentialRig, type CredentialRig } from './full/hostile/credential-rig.ts'
import { drawCredentials } from './full/hostile/credentials.ts'
import { createRandom } from './full/hostile/random.ts'

const SEED = 20_261_122
const CASES = 300

describe('what is carried in place of a key', () => {
  let rig: CredentialRig
  beforeAll(async () => {
    rig = await startCredentialRig('trace')
  })
  afterAll(() => rig.close())

  it('F13: is refused as a wrong key, whatever it is', async () => {
    const faults: string[] = []
    for (let seed = SEED; seed < SEED + CASES; seed += 1) {
      const credentials = drawCredentials(createRandom(seed), rig.real)
      const fault = rig.faultOf(await rig.carrier.carry(credentials))
      if (fault !== undefined) faults.push(`seed ${seed}: ${fault}`)
    }
    expect(faults).toEqual([])
    expect(await rig.isStillServing()).toBe(true)
  })

  it('F13: leaves nothing of a key in the log, and no error', () => {
    const lines = rig.gateway.log
    expect(lines.filter((line) => line.includes('"status":401')).length).toBeGreaterThan(CASES - 1)
    expect(lines.filter((line) => /"level":(50|60)/.test(line))).toEqual([])
    const secrets = [...rig.real.usable, ...rig.real.ended]
    expect(secrets.filter((secret) => lines.some((line) => line.includes(secret)))).toEqual([])
  })
})
