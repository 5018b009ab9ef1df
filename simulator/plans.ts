/** What tests and operators have asked the simulator to do next, and for whom. */
import { z } from 'zod'
import { type Behaviour, behaviourSchema } from './replies/behaviour.ts'
import { type Delivery, defaultDelivery, deliveryChangesSchema } from './replies/delivery.ts'
import { readMarkers } from './replies/markers.ts'

const operationSchema = z.enum([
  'GenerateAssistantResponse',
  'ListAvailableModels',
  'ListAvailableProfiles',
  'GetUsageLimits',
  'InvokeMCP',
  'RegisterClient',
  'StartDeviceAuthorization',
  'CreateToken',
])

export const planSchema = z.strictObject({
  /** Absent: as without this plan. */
  behaviour: behaviourSchema.optional(),
  delivery: deliveryChangesSchema.optional(),
  /** Absent: GenerateAssistantResponse. */
  operation: operationSchema.optional(),
  /** Absent: for every account. */
  accountId: z.string().optional(),
  /** Absent: whatever model is asked for. */
  modelId: z.string().optional(),
  /** For so many requests, before markers and standing plans; absent: a standing plan, until it is cleared. */
  times: z.number().int().positive().optional(),
})

export type Plan = z.infer<typeof planSchema>

interface Occasion {
  operation: string
  accountId: string | undefined
  /** The model of a chat request, the default one too. */
  modelId?: string
  /** Content of the current user message, which may hold markers. */
  prompt: string
}

interface Chosen {
  /** Undefined: the operation's normal conduct. */
  behaviour: Behaviour | undefined
  delivery: Delivery
}

export interface Plans {
  add(plan: Plan): void
  /** Takes one use off a counted plan. */
  choose(occasion: Occasion): Chosen
  clear(): void
}

interface Counted {
  plan: Plan
  left: number
}

/** A counted plan comes before markers of the prompt, they come before the newest standing plan. */
export function createPlans(): Plans {
  let counted: Counted[] = []
  let standing: Plan[] = []
  return {
    add(plan) {
      if (plan.times === undefined) standing.unshift(plan)
      else counted.push({ plan, left: plan.times })
    },
    choose(occasion) {
      const next = counted.find(({ plan }) => fits(plan, occasion))
      if (next !== undefined) next.left -= 1
      counted = counted.filter(({ left }) => left > 0)
      const marked = readMarkers(occasion.prompt)
      const always = standing.find((plan) => fits(plan, occasion))
      return {
        behaviour: next?.plan.behaviour ?? marked.behaviour ?? always?.behaviour,
        delivery: {
          ...defaultDelivery,
          ...withoutUndefined(always?.delivery ?? {}),
          ...withoutUndefined(marked.delivery),
          ...withoutUndefined(next?.plan.delivery ?? {}),
        },
      }
    },
    clear() {
      counted = []
      standing = []
    },
  }
}

function fits(plan: Plan, { operation, accountId, modelId }: Occasion): boolean {
  const { operation: planned = 'GenerateAssistantResponse' } = plan
  return (
    planned === operation &&
    (plan.accountId === undefined || plan.accountId === accountId) &&
    (plan.modelId === undefined || plan.modelId === modelId)
  )
}

function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> }
function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
}
