/** HTTP face of the control: JSON under `/__simulator/`, and a page to approve a device login. */
import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Control } from './control.ts'
import type { Journal } from './journal.ts'
import { planSchema } from './plans.ts'
import { behaviourNames } from './replies/behaviour.ts'
import { switchChangesSchema } from './switches.ts'
import { traitChangesSchema } from './traits.ts'

export const CONTROL_PREFIX = '/__simulator/'

interface ControlRequest {
  method: string
  url: URL
  body: Buffer
}

interface Parts {
  control: Control
  journal: Journal
}

interface Reply {
  status: number
  body: unknown
}

type Handler = (request: { parameter: string; url: URL; json: unknown }) => unknown

const seedSchema = traitChangesSchema.extend({
  id: z.string().optional(),
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
  refreshToken: z.string().optional(),
  accessToken: z.string().optional(),
  accessTokenLifeSeconds: z.number().optional(),
  profileArn: z.string().optional(),
})
const plansSchema = z.union([z.array(planSchema), planSchema.transform((plan) => [plan])])
const scopeSchema = z.strictObject({ scope: z.enum(['access-tokens', 'session']) })
const decisionSchema = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  accountId: z.string().optional(),
})
const advanceSchema = z.strictObject({ advanceSeconds: z.number().nonnegative() })

/** Answers one control request. */
export function createControlRoutes({ control, journal }: Parts) {
  const handlers = createHandlers(control, journal)

  function reply({ method, url, body }: ControlRequest): Reply {
    const [noun = '', parameter = '', verb = ''] = url.pathname.slice(CONTROL_PREFIX.length).split('/')
    const key = [method, noun, ...(parameter === '' ? [] : [':id']), ...(verb === '' ? [] : [verb])].join(' ')
    const handler = handlers[key]
    if (handler === undefined) return { status: 404, body: { error: `There is no control route ${key}.` } }
    try {
      const json: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'))
      const answer = handler({ parameter: decodeURIComponent(parameter), url, json })
      return answer === false
        ? { status: 404, body: { error: `There is no ${parameter} that this applies to.` } }
        : { status: 200, body: answer ?? {} }
    } catch (cause) {
      return { status: 400, body: { error: cause instanceof Error ? cause.message : String(cause) } }
    }
  }

  return {
    handle(request: ControlRequest, response: ServerResponse): void {
      if (request.url.pathname === `${CONTROL_PREFIX}device`) {
        response
          .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
          .end(devicePage(request, control))
        return
      }
      const { status, body } = reply(request)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    },
  }
}

function createHandlers(control: Control, journal: Journal): Record<string, Handler> {
  return {
    'GET journal': ({ url }) => readJournal(journal, url.searchParams),
    'DELETE journal': () => journal.clear(),
    'GET accounts': () => control.accounts(),
    'POST accounts': ({ json }) => control.seed(seedSchema.parse(json)),
    'PATCH accounts :id': ({ parameter, json }) =>
      control.configure(parameter, traitChangesSchema.parse(json)),
    'POST accounts :id revoke': ({ parameter, json }) =>
      control.revoke(parameter, scopeSchema.parse(json).scope),
    'POST clients :id expire': ({ parameter }) => control.expireClient(parameter),
    'GET device-codes': () => control.deviceLogins(),
    'POST device-codes :id': ({ parameter, json }) => {
      const { decision, accountId } = decisionSchema.parse(json)
      return decision === 'approve' ? control.approve(parameter, accountId) : control.deny(parameter)
    },
    'GET behaviours': () => behaviourNames,
    'POST plans': ({ json }) => control.plan(...plansSchema.parse(json)),
    'DELETE plans': () => control.clearPlans(),
    'GET switches': () => control.switches(),
    'PATCH switches': ({ json }) => {
      control.change(switchChangesSchema.parse(json))
      return control.switches()
    },
    'POST clock': ({ json }) => control.advance(advanceSchema.parse(json).advanceSeconds * 1000),
    'POST reset': () => control.reset(),
  }
}

function readJournal(journal: Journal, query: URLSearchParams) {
  const after = Number(query.get('after') ?? 0)
  const operation = query.get('operation')
  const entries = journal
    .entries()
    .filter((entry) => entry.order > after && (operation === null || entry.operation === operation))
  return { entries, refreshes: journal.refreshes() }
}

/** What a person sees who follows the sign-in link. */
function devicePage({ method, url, body }: ControlRequest, control: Control): string {
  const form = new URLSearchParams(method === 'POST' ? body.toString('utf8') : url.searchParams)
  const userCode = /^[A-Z]{4}-[A-Z]{4}$/.exec(form.get('user_code') ?? '')?.[0] ?? ''
  const decision = form.get('decision')
  if (method !== 'POST') return page(approvalForm(userCode))
  const done = decision === 'approve' ? control.approve(userCode) : control.deny(userCode)
  if (!done) return page('<p>No sign-in waits for this code.</p>')
  return page(
    `<p>The sign-in was ${decision === 'approve' ? 'approved' : 'denied'}. You can close this page.</p>`,
  )
}

function approvalForm(userCode: string): string {
  return `<form method="post">
<label>Code <input name="user_code" value="${userCode}" required pattern="[A-Z]{4}-[A-Z]{4}"></label>
<button name="decision" value="approve">Approve</button>
<button name="decision" value="deny">Deny</button>
</form>`
}

function page(content: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Simulated sign-in</title>
<h1>Simulated sign-in</h1><p>This is the simulator. No real account is involved.</p>${content}</html>`
}
