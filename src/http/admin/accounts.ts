import type { FastifyInstance } from 'fastify'
import type { NewAccount } from '../../accounts/account.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { accountPath, createAccountBody, type CreateAccountBody } from './contract.ts'

export interface AccountRouteParts {
  accounts: Accounts
}

/** The operator's routes. Bodies are JSON and say so: a page cannot send that elsewhere without asking first. */
export function registerAccountRoutes(app: FastifyInstance, parts: AccountRouteParts): void {
  const { accounts } = parts
  void app.register(async (routes) => {
    routes.removeContentTypeParser('text/plain')

    routes.post('/v2/accounts', async (request) =>
      accounts.create(toNewAccount(parseBody(createAccountBody, request.body))),
    )
    routes.get('/v2/accounts', async () => {
      const list = await accounts.list()
      return { accounts: list, count: list.length }
    })
    routes.get('/v2/accounts/:id', async (request) => accounts.get(accountPath.parse(request.params).id))
    routes.delete('/v2/accounts/:id', async (request) => {
      const { id } = accountPath.parse(request.params)
      await accounts.remove(id)
      return { deleted: id }
    })
  })
}

/** Members that are null count as absent. */
function toNewAccount(body: CreateAccountBody): NewAccount {
  const { clientId, clientSecret, label, refreshToken, accessToken, other, enabled } = body
  return {
    clientId,
    clientSecret,
    ...(label != null && { label }),
    ...(refreshToken != null && { refreshToken }),
    ...(accessToken != null && { accessToken }),
    ...(other != null && { other }),
    ...(enabled != null && { enabled }),
  }
}
