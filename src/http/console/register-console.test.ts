import fastify from 'fastify'
import { expect, it } from 'vitest'
import { toGatewayError } from '../../conversation/failures.ts'
import { createConsoleFiles } from './console-files.ts'
import { registerConsole } from './register-console.ts'

it.each(['/', '/console/accounts'])('says at %s that the console has not been built', async (url) => {
  const app = fastify()
  app.setErrorHandler((error, _, reply) => {
    const { failure, message } = toGatewayError(error)
    return reply.code(404).send({ kind: failure.kind, message })
  })
  registerConsole(app, createConsoleFiles(new URL('./nowhere/', import.meta.url)))
  const answer = await app.inject(url)
  expect(answer.json()).toEqual({ kind: 'not-found', message: expect.stringContaining('`npm start`') })
  await app.close()
})
