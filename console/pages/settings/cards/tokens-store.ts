import { ask } from '../../../api/client.ts'
import type { NewToken, Token, TokenList } from '../../../api/types.ts'
import { createResource } from '../../../state/resource.ts'

/** Admin tokens; their text is not among it. */
export const tokens = createResource<readonly Token[]>(
  async (stop) => (await ask<TokenList>('/v2/tokens', { signal: stop })).tokens,
)

export interface TokenWishes {
  name: string
  scope: Token['scope']
  days: number
}

/** Answers its text, which is shown once. Throws a Problem. */
export async function createToken({ name, scope, days }: TokenWishes): Promise<string> {
  const body = { name, scope, expires_in_days: days }
  const { token } = await ask<NewToken>('/v2/tokens', { method: 'POST', body })
  await tokens.load()
  return token
}

/** Throws a Problem. */
export async function removeToken(id: string): Promise<void> {
  await ask(`/v2/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' })
  await tokens.load()
}
