/** The border between rows of sign-ins and domain types. */
import * as z from 'zod'
import { SealError, type SecretPlace, type Secrets } from '../access/secrets.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type {
  DeviceSecrets,
  Grant,
  SignIn,
  SignInOrder,
  SignInPrompt,
  SignInState,
  SignInWishes,
} from '../sign-in/sign-in.ts'
import type { SignInsTable } from './tables.ts'

const instant = z.iso.datetime().transform((text) => new Date(text))

const wishesColumn: z.ZodType<SignInWishes> = z.object({
  label: z.string().nullable().exactOptional(),
  enabled: z.boolean().exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  weight: z.number().exactOptional(),
  priority: z.number().exactOptional(),
  concurrencyLimit: z.number().nullable().exactOptional(),
  models: z.array(z.string()).nullable().exactOptional(),
  proxyUrl: z.string().nullable().exactOptional(),
  channel: z.string().exactOptional(),
  profileArn: z.string().exactOptional(),
  origin: z.string().nullable().exactOptional(),
  optOut: z.boolean().exactOptional(),
})

const requestColumn: z.ZodType<{ order: SignInOrder; prompt: SignInPrompt }> = z.object({
  order: z.object({
    startUrl: z.string(),
    region: z.string(),
    wishes: wishesColumn,
    accountId: z.string().exactOptional(),
    newAccountId: z.string(),
    startedBy: z
      .object({
        kind: z.enum(['gateway', 'operator', 'client']),
        via: z.string().exactOptional(),
        name: z.string().exactOptional(),
        address: z.string().exactOptional(),
      })
      .exactOptional(),
  }),
  prompt: z.object({
    userCode: z.string(),
    verificationUri: z.string(),
    verificationUriComplete: z.string(),
  }),
})

const client = {
  clientId: z.string(),
  clientSecret: z.string(),
  registrationExpiresAt: instant.exactOptional(),
}
const deviceColumn = z.object({ ...client, deviceCode: z.string() })
export const tokensColumn = z.object({
  ...client,
  accessToken: z.string(),
  refreshToken: z.string().exactOptional(),
  expiresAt: instant,
})

type SealedColumn = 'request' | 'device' | 'tokens'

export function sealColumn(
  place: { id: string; column: SealedColumn },
  value: object,
  secrets: Secrets,
): string {
  return secrets.seal(JSON.stringify(value), placeOf(place.id, place.column))
}

/** Nothing is left of what was ordered, but how it ended can be told. */
const UNKNOWN_REQUEST: { order: SignInOrder; prompt: SignInPrompt } = {
  order: { startUrl: '', region: '', wishes: {}, newAccountId: '' },
  prompt: { userCode: '', verificationUri: '', verificationUriComplete: '' },
}

/** Undefined for one that has not begun, or whose row was damaged: then nobody can finish it, only end it. */
export function toSignIn(row: SignInsTable, now: Date, secrets: Secrets): SignIn | undefined {
  const state = stateOf(row)
  const known = openColumn(row, 'request', { secrets, schema: requestColumn })
  const request = known ?? (state?.kind === 'error' ? UNKNOWN_REQUEST : undefined)
  if (state === undefined || request === undefined) return undefined
  const remainingMs = row.expires_at === null ? 0 : Date.parse(row.expires_at) - now.getTime()
  return {
    id: row.id,
    state,
    ...request,
    intervalSeconds: row.interval_seconds,
    remainingSeconds: Math.max(0, Math.ceil(remainingMs / 1000)),
    createdAt: new Date(row.created_at),
  }
}

export function toDevice(row: SignInsTable, secrets: Secrets): DeviceSecrets | undefined {
  return openColumn(row, 'device', { secrets, schema: deviceColumn })
}

export function toGrant(row: SignInsTable, secrets: Secrets): Grant | undefined {
  return openColumn(row, 'tokens', { secrets, schema: tokensColumn })
}

function stateOf({ state, account_id: accountId, message }: SignInsTable): SignInState | undefined {
  switch (state) {
    case 'pending':
    case 'approved':
    case 'cancelled':
      return { kind: state }
    case 'timeout':
    case 'error':
      return { kind: state, message: message ?? '' }
    case 'completed':
      return { kind: state, accountId: accountId ?? '' }
    case 'reserved':
    case 'given-up':
      return undefined
    default:
      return unreachable(state)
  }
}

function openColumn<S extends z.ZodType>(
  row: SignInsTable,
  column: SealedColumn,
  { secrets, schema }: { secrets: Secrets; schema: S },
): z.output<S> | undefined {
  const sealed = row[column]
  if (sealed === null) return undefined
  try {
    return schema.safeParse(JSON.parse(secrets.open(sealed, placeOf(row.id, column)))).data
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return undefined
  }
}

function placeOf(id: string, column: SealedColumn): SecretPlace {
  return { table: 'sign_ins', row: id, column }
}
