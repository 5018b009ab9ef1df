/** What sort of account it is, who stands behind it, and how the service treats it. Any part can be set from outside. */
import { z } from 'zod'
import { type Allowance, allowanceChangesSchema, changeAllowance, createAllowance } from './allowance.ts'

const kindSchema = z.enum(['builder-id', 'identity-center'])
const standingSchema = z.enum(['good', 'suspended', 'out-of-support'])
const identitySchema = z.strictObject({ userId: z.string(), email: z.string() })
const profileSchema = z.strictObject({
  /** `arn:aws:codewhisperer:{region}:{account}:profile/{id}`; one without a region is found in every region. */
  arn: z.string(),
  profileName: z.string().optional(),
  /** Only one that is `ACTIVE`, as when absent, can be used. */
  status: z
    .enum(['ACTIVE', 'CREATING', 'CREATE_FAILED', 'UPDATING', 'UPDATE_FAILED', 'DELETING', 'DELETE_FAILED'])
    .optional(),
  profileType: z.enum(['CODEWHISPERER', 'Q_DEVELOPER', 'KIRO']).optional(),
})

/** What may be set when an account is made and changed later. */
export const traitChangesSchema = z.strictObject({
  kind: kindSchema.optional(),
  /** The same person keeps the identity through every login. */
  identity: identitySchema.partial().optional(),
  profiles: z.array(profileSchema).readonly().optional(),
  models: z.array(z.string()).readonly().nullable().optional(),
  refusesExtraFields: z.boolean().optional(),
  standing: standingSchema.optional(),
  creditsPerRequest: z.number().nonnegative().nullable().optional(),
  allowance: allowanceChangesSchema.optional(),
})

export type TraitChanges = z.infer<typeof traitChangesSchema>
export type AccountKind = z.infer<typeof kindSchema>
export type Profile = z.infer<typeof profileSchema>

export interface Traits {
  kind: AccountKind
  identity: z.infer<typeof identitySchema>
  /** Accounts of an identity centre have them; those of a Builder ID do not. */
  profiles: readonly Profile[]
  /** Ids of the models that it may list and use; null: all. */
  models: readonly string[] | null
  /** As some accounts of enterprises: `additionalModelRequestFields` is refused for every model. */
  refusesExtraFields: boolean
  /** Not `good`: every operation is refused, in the words of that standing. */
  standing: z.infer<typeof standingSchema>
  /** What an answer costs; null: as the switch of that name says. */
  creditsPerRequest: number | null
  allowance: Allowance
}

const BUILDER_ID_START_URL = 'https://view.awsapps.com/start'

/** A sign-in page belongs to Builder ID or to the identity centre of an organisation. */
export function kindOfStartUrl(startUrl: string): AccountKind {
  const [bare = ''] = startUrl.split('#')
  return bare.replace(/\/+$/, '') === BUILDER_ID_START_URL ? 'builder-id' : 'identity-center'
}

/** Region of a profile; undefined when its ARN names none. */
export function regionOf({ arn }: Profile): string | undefined {
  return arn.split(':')[3]
}

interface Newcomer {
  kind: AccountKind
  identity: Traits['identity']
  profiles: readonly Profile[]
  /** Milliseconds since the epoch. */
  now: number
}

export function createTraits({ kind, identity, profiles, now }: Newcomer): Traits {
  return {
    kind,
    identity,
    profiles: kind === 'identity-center' ? profiles : [],
    models: null,
    refusesExtraFields: false,
    standing: 'good',
    creditsPerRequest: null,
    allowance: createAllowance(kind === 'builder-id' ? 'FREE' : 'PRO', now),
  }
}

export function changeTraits(traits: Traits, changes: TraitChanges): Traits {
  const { kind, profiles, models, refusesExtraFields, standing, creditsPerRequest } = changes
  return {
    kind: kind ?? traits.kind,
    identity: {
      userId: changes.identity?.userId ?? traits.identity.userId,
      email: changes.identity?.email ?? traits.identity.email,
    },
    profiles: profiles ?? traits.profiles,
    models: models === undefined ? traits.models : models,
    refusesExtraFields: refusesExtraFields ?? traits.refusesExtraFields,
    standing: standing ?? traits.standing,
    creditsPerRequest: creditsPerRequest === undefined ? traits.creditsPerRequest : creditsPerRequest,
    allowance: changeAllowance(traits.allowance, changes.allowance ?? {}),
  }
}
