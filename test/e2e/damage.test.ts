/** An answer that is damaged at any of its bytes: what was right before leaves, and nothing else but the error. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { text, toolUse, trailer } from '../../simulator/replies/events.ts'
import { bytes, cut, encodeStep, stall, type Step } from '../../simulator/replies/steps.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { ANTHROPIC, OPENAI, errorOf, questionFor, readAnswer } from '../read-answer.ts'

const PLACES = 200

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest({ environment: { MAX_ERROR_COUNT: '1000000' } })
})
afterAll(() => gateway.close())
beforeEach(() => gateway.simulator.clearPlans())

const said = 'Grüße, 世界! 👋🏽 — naïve < café </ "\\ \u2028 '
const input = '{"path":"/höme/👋🏽","text":"naïve\\n\\"café\\""}'
const frames = [
  ...Array.from(said.match(/.{1,7}/gsu) ?? [], (piece) => text(piece)),
  ...toolUse('tooluse_1', 'ls', input.match(/.{1,5}/gsu) ?? []),
  ...trailer(),
].map((step) => encodeStep(step) ?? Buffer.alloc(0))
const answer = Buffer.concat(frames)
/** Where a clean end of the body leaves nothing to be seen. */
const borders = new Set(frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length))

const garbage = Buffer.from('\u0000HTTP/1.1 500 \r\n\r\n<html>ÿ')

/** The damages take turns from place to place; each is seen at 40 of them. */
const damages: ((place: number) => Step[])[] = [
  (place) => [bytes(answer.subarray(0, place)), cut()],
  (place) => [bytes(answer.subarray(0, place)), cut({ reset: true })],
  // One byte is wrong; what follows never comes, and must not be waited for.
  (place) => [bytes(flipped(place)), stall()],
  (place) => [bytes(Buffer.concat([answer.subarray(0, place), garbage, answer.subarray(place)]))],
  (place) => [bytes(answer.subarray(0, borders.has(place) ? place - 1 : place))],
]

function flipped(place: number): Buffer {
  const damaged = Buffer.from(answer)
  damaged.writeUInt8(damaged.readUInt8(place) ^ 0x10, place)
  return damaged
}

const places = Array.from({ length: PLACES }, (_, index) => ({
  place: 1 + Math.floor((index * (answer.length - 1)) / PLACES),
  damage: damages[index % damages.length] ?? damages[0],
}))

describe.each([OPENAI, ANTHROPIC])('an answer at %s that is damaged', (path) => {
  it(`at any of ${PLACES} places is an exact prefix, then an error, and never looks complete`, async () => {
    let hidden = 0
    for (const { place, damage } of places) {
      gateway.simulator.clearPlans()
      gateway.simulator.plan({ behaviour: { kind: 'steps', steps: damage?.(place) ?? [] } })
      const response = await gateway.postJson(path, questionFor(path, true))
      const read = await readAnswer(response)
      const { status, type } = errorOf(path, 'interrupted')
      const [call = 'ls '] = read.calls
      // Nothing had left: it was tried again, and in the end told by its status.
      const isHidden = read.text === ''
      hidden += isHidden ? 1 : 0
      expect(read.status).toBe(isHidden ? status : 200)
      expect([place, read.error?.type, read.stop]).toEqual([place, type, undefined])
      expect(said.startsWith(read.text)).toBe(true)
      expect(`ls ${input}`.startsWith(call)).toBe(true)
      // A call begins behind the whole of the text.
      expect(read.calls.length === 0 || read.text === said).toBe(true)
    }
    expect(hidden).toBeGreaterThan(0)
    expect(hidden).toBeLessThan(PLACES / 5)
  }, 60_000)

  it('nowhere arrives whole', async () => {
    gateway.simulator.plan({ behaviour: { kind: 'steps', steps: [bytes(answer)] } })
    const read = await readAnswer(await gateway.postJson(path, questionFor(path, true)))
    expect(read).toMatchObject({ text: said, calls: [`ls ${input}`], error: undefined })
    expect(read.stop).toMatch(/^tool/)
  })
})
