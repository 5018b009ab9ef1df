import type { FastifyInstance } from 'fastify'
import type { AccountView } from '../../accounts/account-view.ts'
import { signInKindOf } from '../../accounts/account.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import type { Conversation, ImagePart, JsonObject } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import { parseBody } from '../../dialects/request-body.ts'
import type { Relay } from '../../relay/relay.ts'
import { listImageLinks, replaceImageLinks } from '../../remote-images/image-links.ts'
import type { Access, Upstream, UsualProfile } from '../../upstreams/upstream.ts'
import { listIgnored } from '../fact-headers.ts'
import { MOST_BODY_BYTES } from '../request-limits.ts'
import { singleValues } from '../single-values.ts'
import { answering } from './answering.ts'
import { translationAnswer } from './answers.ts'
import { translateBody } from './contract.ts'

export interface TranslateParts {
  dialects: readonly Dialect[]
  accounts: Pick<Accounts, 'get' | 'list'>
  relay: Pick<Relay, 'plan'>
  upstream: Pick<Upstream, 'usualProfile'>
}

/** What stands for every image that would have to be fetched: one white pixel. */
const PLACEHOLDER: ImagePart = {
  kind: 'image',
  format: 'png',
  base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==',
}

type Route = Omit<Access, 'accessToken'>

/** What the model service would be sent for a client's request, and what is known to be wrong with it; nothing is sent. */
export function registerTranslate(routes: FastifyInstance, parts: TranslateParts): void {
  const options = { ...answering(translationAnswer), bodyLimit: MOST_BODY_BYTES }
  routes.post('/v2/translate', options, async ({ body }) => translate(parts, body))
}

async function translate(parts: TranslateParts, unread: unknown) {
  const body = parseBody(translateBody, unread)
  const dialect = dialectOf(parts.dialects, body.api)
  const chat = dialect.readRequest(body.request, singleValues(body.headers ?? {}))
  const { conversation, notes } = withPlaceholders(chat.conversation)
  const plan = parts.relay.plan(conversation)
  const { route, notes: more } = routeOf(parts, await accountFor(parts, body.account_id))
  const preview = await plan.preview(route)
  const request: JsonObject = {
    method: 'POST',
    url: preview.url,
    headers: preview.headers,
    body: preview.body,
  }
  return {
    model: plan.modelId,
    account_id: route.accountId === '' ? null : route.accountId,
    input_tokens: plan.inputTokens,
    request,
    ignored: listIgnored(chat, preview.losses),
    findings: preview.findings,
    notes: [...notes, ...more],
  }
}

/** To fetch images would be to send something. `notes`: where in the request they are named. */
function withPlaceholders(conversation: Conversation): { conversation: Conversation; notes: string[] } {
  const notes = listImageLinks(conversation.turns).map(
    ({ field }) => `${field}: No image is fetched here, so a placeholder of one pixel is shown`,
  )
  return { conversation: replaceImageLinks(conversation, () => PLACEHOLDER), notes }
}

function dialectOf(dialects: readonly Dialect[], name: string): Dialect {
  const dialect = dialects.find((each) => each.name === name)
  if (dialect !== undefined) return dialect
  const names = dialects.map((each) => each.name).join(', ')
  throw new GatewayError('invalid-request', `api: must be one of: ${names}`, {
    field: 'api',
    code: 'unsupported_value',
  })
}

/** The one that is asked for, else the one that was added last, if there is any. */
async function accountFor(
  { accounts }: TranslateParts,
  id: string | null | undefined,
): Promise<AccountView | undefined> {
  if (id != null && id !== '') return accounts.get(id)
  const [latest] = await accounts.list({ sortBy: 'created_at', sortOrder: 'desc' })
  return latest
}

const PROFILE_UNKNOWN =
  'The profile of the account is not known yet: it is looked up for its first request, which may name one and go to another region.'

/** The way its requests take. Without an account, as one that has just signed in with an AWS Builder ID. */
function routeOf(parts: TranslateParts, account: AccountView | undefined): { route: Route; notes: string[] } {
  if (account === undefined) {
    return { route: { accountId: '', channel: 'q-json', region: 'us-east-1', optsOut: true }, notes: [] }
  }
  const { id, channel, region, origin, optOut } = account
  const profile = profileOf(parts, account)
  const route = {
    accountId: id,
    channel,
    region,
    ...(profile.kind === 'arn' && { profileArn: profile.arn }),
    ...(origin !== null && { origin }),
    optsOut: optOut,
  }
  return { route, notes: profile.kind === 'listed' ? [PROFILE_UNKNOWN] : [] }
}

function profileOf({ upstream }: TranslateParts, account: AccountView): UsualProfile {
  const { profileInUse, channel, startUrl } = account
  if (profileInUse === 'none') return { kind: 'none' }
  if (profileInUse !== null) return { kind: 'arn', arn: profileInUse }
  const signIn = signInKindOf(startUrl === null ? {} : { startUrl })
  return upstream.usualProfile({ channel, signIn })
}
