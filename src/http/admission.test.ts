import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createAdmission } from './admission.ts'

const openResponse = () => new ServerResponse(new IncomingMessage(new Socket()))
const refusal = 'The gateway is answering 1 requests already (MAX_CONCURRENT_REQUESTS).'

describe('admission', () => {
  it('counts an answer until its response closes', () => {
    const admission = createAdmission({ maxConcurrent: 1 })
    const first = openResponse()
    admission.demandRoom()
    admission.admit(first)
    for (const refused of [() => admission.demandRoom(), () => admission.admit(openResponse())]) {
      expect(refused).toThrow(refusal)
    }
    first.emit('close')
    admission.demandRoom()
    admission.admit(openResponse())
    expect(() => admission.demandRoom()).toThrow(refusal)
  })

  it('does not count for ever whose client left while its body was unpacked', () => {
    const admission = createAdmission({ maxConcurrent: 1 })
    const gone = openResponse()
    // As Node does it when a connection ends.
    gone.destroyed = true
    gone.emit('close')
    expect(() => admission.admit(gone)).toThrow('left')
    expect(() => admission.demandRoom()).not.toThrow()
  })
})
