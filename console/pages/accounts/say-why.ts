/** Why an account is not well, in a sentence. */
import type { Account } from '../../api/types.ts'
import { speak } from '../../i18n/messages.ts'
import { now } from '../../state/now.ts'
import { judgeAccount, worstPart } from './account-state.ts'
import { reasonMessages } from './state-messages.ts'

/** Undefined: it is well. To be called while rendering. */
export function sayWhy(account: Account): string | undefined {
  const judgement = judgeAccount(account, now.value)
  const worst = worstPart(judgement)
  const reason = worst && judgement[worst].reason
  return reason && speak(reasonMessages)(reason)
}
