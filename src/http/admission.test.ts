import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { createAdmission } from './admission.ts'

const createResponse = () => new ServerResponse(new IncomingMessage(new Socket()))

it('bounds the answers that are being made, until their responses close', () => {
  const admission = createAdmission(1)
  const first = createResponse()
  admission.admit(first)
  expect(() => admission.admit(createResponse())).toThrow('MAX_CONCURRENT_REQUESTS')
  first.emit('close')
  expect(() => admission.admit(createResponse())).not.toThrow()
})

it('keeps no place for a client that left while it was found out who it is', () => {
  const admission = createAdmission(1)
  const left = createResponse()
  // As Node does it when a connection ends.
  left.destroyed = true
  left.emit('close')
  expect(() => admission.admit(left)).toThrow('left')
  expect(() => admission.admit(createResponse())).not.toThrow()
})
