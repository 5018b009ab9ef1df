import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replyEvents } from '../../../test/reply-events.ts'
import { isContent, type ReplyEvent } from '../../conversation/reply.ts'
import { createGate, stricterGate, type GateKind } from './gate.ts'

/** What has come out after each event that went in. */
function trace(kind: GateKind, events: readonly ReplyEvent[]): ReplyEvent[][] {
  const gate = createGate(kind)
  const out: ReplyEvent[] = []
  return events.map((event) => {
    gate.push(event, (item) => out.push(item))
    return [...out]
  })
}

describe('a gate', () => {
  it.each<GateKind>(['first-content', 'first-tool-or-end', 'whole-reply'])(
    '%s lets everything out in order',
    (kind) => {
      fc.assert(
        fc.property(replyEvents, (events) => {
          expect(trace(kind, events).at(-1)).toEqual(events)
        }),
      )
    },
  )

  it('first-content holds all until there is content, and nothing from then on', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const first = events.findIndex(isContent)
        trace('first-content', events).forEach((out, index) => {
          expect(out).toHaveLength(index < first ? 0 : index + 1)
        })
      }),
    )
  })

  it('first-tool-or-end holds all until a call begins or the reply ends', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const first = events.findIndex(
          (event) =>
            event.type === 'reply-end' || (event.type === 'block-start' && event.block.kind === 'tool-use'),
        )
        trace('first-tool-or-end', events).forEach((out, index) => {
          expect(out).toHaveLength(index < first ? 0 : index + 1)
        })
      }),
    )
  })

  it.each<[GateKind, GateKind, GateKind]>([
    ['first-content', 'first-tool-or-end', 'first-tool-or-end'],
    ['whole-reply', 'first-tool-or-end', 'whole-reply'],
    ['first-content', 'first-content', 'first-content'],
  ])('of %s and %s the stricter is %s', (one, other, stricter) => {
    expect(stricterGate(one, other)).toBe(stricter)
    expect(stricterGate(other, one)).toBe(stricter)
  })

  it('whole-reply holds all until the end', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        expect(trace('whole-reply', events).slice(0, -1).flat()).toEqual([])
      }),
    )
  })

  it('refuses to hold more than 16 MiB', () => {
    const gate = createGate('whole-reply')
    const text = 'x'.repeat(1024 * 1024)
    const feed = (count: number) => {
      for (let index = 0; index < count; index += 1) gate.push({ type: 'block-delta', text }, () => {})
    }
    feed(16)
    expect(() => feed(1)).toThrow(/larger than the gateway can hold/)
  })
})
