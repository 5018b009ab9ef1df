import { describe, expect, it } from 'vitest'
import { eventKinds } from '../../../src/events/event.ts'
import { kinds } from './kind-messages.ts'

describe('the words for what happens', () => {
  it('are there for each kind that the gateway writes, and it can be filtered by', () => {
    expect(kinds.toSorted()).toEqual(eventKinds.toSorted())
  })
})
