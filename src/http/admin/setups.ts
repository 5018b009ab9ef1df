import type { FastifyInstance } from 'fastify'
import { PLAIN } from '../../client-setups/client-setup.ts'
import { describeSetups } from '../../client-setups/describe-setups.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { answering } from './answering.ts'
import type { ModelNames } from './model-ids.ts'
import { packAnswer } from './pack-answer.ts'
import { setupListAnswer, setupsQuery } from './setup-contract.ts'

export interface SetupRouteParts {
  models: Pick<ModelNames, 'ready' | 'list'>
}

/** What to write into which client. Neither address nor key is asked for: whoever shows it puts them in. */
export function registerSetups(routes: FastifyInstance, { models }: SetupRouteParts): void {
  routes.get('/v2/setups', { ...answering(setupListAnswer), onSend: packAnswer }, async ({ query }) => {
    const { model } = parseBody(setupsQuery, query)
    await models.ready()
    const names = models.list().map(({ id }) => id)
    return { setups: describeSetups(model), models: names.filter((name) => PLAIN.test(name)) }
  })
}
