/** The settings: what holds and why, and what the operator sets here. */
import type { FastifyInstance } from 'fastify'
import type * as z from 'zod'
import { parseBody } from '../../dialects/request-body.ts'
import type { SettingsDesk, SettingsView } from '../../settings/settings-desk.ts'
import { actorOf } from '../actor-of.ts'
import { HttpRefusal } from '../http-refusal.ts'
import { answering } from './answering.ts'
import { refuseUnknownFields } from './refuse-unknown-fields.ts'
import { changeSettingsBody, settingsAnswer, systemAnswer } from './settings-contract.ts'

export interface SettingsRouteParts {
  settings: SettingsDesk
  readSystem: () => Promise<z.input<typeof systemAnswer>>
}

export function registerSettings(
  routes: FastifyInstance,
  { settings, readSystem }: SettingsRouteParts,
): void {
  routes.get('/v2/settings', answering(settingsAnswer), async () => writeView(await settings.view()))
  routes.patch('/v2/settings', answering(settingsAnswer), async (request) => {
    refuseUnknownFields(request.body, { shape: changeSettingsBody.shape, thing: 'the settings' })
    const { revision, settings: changes } = parseBody(changeSettingsBody, request.body)
    if (!(await settings.change(revision, changes, actorOf(request)))) throw changedMeanwhile()
    return writeView(await settings.view())
  })
  routes.get('/v2/system', answering(systemAnswer), readSystem)
}

function writeView({ revision, settings, unknown }: SettingsView): z.input<typeof settingsAnswer> {
  return {
    revision,
    unknown,
    settings: settings.map(({ unit, reserved, source, pending, problem, ...rest }) => ({
      ...rest,
      unit: unit ?? null,
      source,
      lockedBy: source === 'environment' ? source : (reserved ?? null),
      pending: pending ?? null,
      problem: problem ?? null,
    })),
  }
}

function changedMeanwhile(): HttpRefusal {
  return HttpRefusal.keepOpen(
    'invalid-request',
    'Somebody else has changed settings meanwhile: read them again (GET /v2/settings), and send what still is to be changed.',
    { status: 409, code: 'settings_changed' },
  )
}
