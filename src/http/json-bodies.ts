/** Which bodies a route takes: JSON in every case, and how strictly it has to be labelled. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { OngoingCapture } from '../captures/captures.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { BodyReader } from './read-body.ts'
import { readJson } from './read-json.ts'

const JSON_LABEL = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i

/** Of the operator's routes: a page cannot send JSON with its right label elsewhere without asking first. */
export function acceptLabelledJson(routes: FastifyInstance, bodies: BodyReader): void {
  routes.removeAllContentTypeParsers()
  routes.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    const { 'content-type': label = '', 'content-encoding': encoding = 'identity' } = request.headers
    if (!JSON_LABEL.test(label) || encoding.toLowerCase() !== 'identity') {
      const text = 'Send the body as JSON, with `content-type: application/json` and not compressed.'
      throw new GatewayError('wrong-type', text)
    }
    return read(request, bodies)
  })
}

/** Of the model APIs: valid JSON is welcome whatever its label, clients in the field forget or misspell it. */
export function acceptAnyJson(routes: FastifyInstance, bodies: BodyReader): void {
  routes.addHook('onRequest', async (request) => {
    request.headers['content-type'] = 'application/json'
  })
  routes.removeAllContentTypeParsers()
  routes.addContentTypeParser('application/json', (request: FastifyRequest) => read(request, bodies))
}

function read(request: FastifyRequest, bodies: BodyReader): Promise<unknown> {
  const { capture } = request
  const use = capture === undefined ? readJson : (bytes: Buffer) => readNoting(bytes, capture)
  return bodies.read(request.raw, request.routeOptions.bodyLimit, use)
}

function readNoting(bytes: Buffer, capture: OngoingCapture): unknown {
  capture.noteRequest(bytes)
  try {
    return readJson(bytes)
  } catch (error) {
    capture.keepUnread(bytes)
    throw error
  }
}
