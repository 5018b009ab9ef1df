/** The operations that tell about an account: its models, its profiles, and what it has used. */
import { refuseCaller } from './admission.ts'
import { refuse, sendJson } from './answers.ts'
import type { Call } from './call.ts'
import { modelsOf } from './callers.ts'
import type { SimulatorClock } from './clock.ts'
import type { Account } from './identity.ts'
import type { Operation } from './journal.ts'
import { renewTraits } from './metering.ts'
import { modelListRequest } from './model-list-request.ts'
import { listModels, type Model } from './models.ts'
import { listProfiles, profileListRequest } from './profile-list.ts'
import { refusals } from './replies/refusals.ts'
import { unreachable } from './unreachable.ts'
import { describeUsage, usageLimitsRequest } from './usage-limits.ts'

type Inquiry = Extract<Operation, 'ListAvailableModels' | 'ListAvailableProfiles' | 'GetUsageLimits'>

interface Parts {
  clock: SimulatorClock
  models: readonly Model[]
}

export function isInquiry(operation: Operation): operation is Inquiry {
  return (
    operation === 'ListAvailableModels' ||
    operation === 'ListAvailableProfiles' ||
    operation === 'GetUsageLimits'
  )
}

export function answerInquiry(call: Call, inquiry: Inquiry, parts: Parts): void {
  const { account, region, switches, route } = call
  const input = call.request.method === 'GET' ? call.url.searchParams : call.json
  const refusal = refuseCaller(account, { ...route, region, input, switches })
  if (account === undefined || refusal !== undefined)
    return refuse(call, refusal ?? refusals['invalid-bearer'])
  const body = bodyOf(inquiry, input, { ...parts, call, account })
  if (body === undefined) return refuse(call, refusals['improperly-formed-reason'])
  sendJson(call, body)
}

/** Undefined when the input is not as modelled. */
function bodyOf(
  inquiry: Inquiry,
  input: unknown,
  { call, account, clock, models }: Parts & { call: Call; account: Account },
): object | undefined {
  switch (inquiry) {
    case 'ListAvailableModels': {
      const asked = modelListRequest(input)
      return asked && listModels(modelsOf(account, models), asked)
    }
    case 'ListAvailableProfiles': {
      const asked = profileListRequest(input)
      const { clientId, traits } = account
      return asked && listProfiles({ profiles: traits.profiles, clientId, region: call.region }, asked)
    }
    case 'GetUsageLimits': {
      const asked = usageLimitsRequest(input)
      const now = clock.now()
      renewTraits(account, now)
      const { dateSpelling } = call.switches
      return asked && describeUsage(account.traits, { asked, now, dateSpelling })
    }
    default:
      return unreachable(inquiry)
  }
}
