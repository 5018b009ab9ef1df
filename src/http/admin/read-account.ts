import type { NewAccount } from '../../accounts/account-input.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { createAccountBody, type CreateAccountBody } from './contract.ts'
import { withModelIds, type KnownModels } from './model-ids.ts'

/** What a body of `POST /v2/accounts` says of an account. Throws `invalid-request`. */
export function createAccountReader(models: KnownModels): (body: unknown) => NewAccount {
  return (body) => toNewAccount(parseBody(createAccountBody, body), models)
}

export function toNewAccount(body: CreateAccountBody, models: KnownModels): NewAccount {
  const { label, refreshToken, accessToken, other, enabled, ...rest } = withModelIds(body, models)
  return {
    ...rest,
    ...(label != null && { label }),
    ...(refreshToken != null && { refreshToken }),
    ...(accessToken != null && { accessToken }),
    ...(other != null && { other }),
    ...(enabled != null && { enabled }),
  }
}
