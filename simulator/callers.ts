/** What the rules need to know of the account that calls. */
import type { Account } from './identity.ts'
import type { Model } from './models.ts'
import type { Caller } from './rules/for-the-model.ts'
import type { Signatures } from './signatures.ts'

/** The models that an account may list and use; all of them for a caller who is not known. */
export function modelsOf(account: Account | undefined, models: readonly Model[]): readonly Model[] {
  const own = account?.traits.models ?? null
  return own === null ? models : models.filter(({ modelId }) => own.includes(modelId))
}

export function callerOf(
  account: Account | undefined,
  { models, signatures }: { models: readonly Model[]; signatures: Signatures },
): Caller {
  return {
    models: modelsOf(account, models),
    refusesExtraFields: account?.traits.refusesExtraFields ?? false,
    isOwnThinking: (reasoning, modelId) =>
      account === undefined || signatures.isGenuine(reasoning, { accountId: account.id, modelId }),
  }
}
