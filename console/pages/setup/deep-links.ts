/** Links by which a client takes settings over. They hold the key, and are made in the browser alone. Pure. */
import type { Setup } from '../../api/types.ts'
import { unreachable } from '../../unreachable.ts'

export interface LinkValues {
  origin: string
  key: string
  model: string
}

const NAME = 'Aqueduct'

export function programOf(link: NonNullable<Setup['deepLink']>): string {
  return link === 'cherry-studio' ? 'Cherry Studio' : 'CC Switch'
}

/** Undefined: the client would not read this key as it is. */
export function writeDeepLink(link: NonNullable<Setup['deepLink']>, values: LinkValues): string | undefined {
  switch (link) {
    case 'cherry-studio':
      return writeCherryStudioLink(values)
    case 'cc-switch-claude':
      return writeCcSwitchLink('claude', values.origin, values)
    case 'cc-switch-codex':
      return writeCcSwitchLink('codex', `${values.origin}/v1`, values)
    default:
      return unreachable(link)
  }
}

/**
 * JSON in base64, as src/main/services/protocol/handlers/providersImport.ts of CherryHQ/cherry-studio reads it: there single
 * quotes become double ones, and brackets are dropped.
 */
function writeCherryStudioLink({ origin, key }: LinkValues): string | undefined {
  if (/['()]/.test(key)) return undefined
  const json = JSON.stringify({ id: 'aqueduct', name: NAME, type: 'openai', baseUrl: origin, apiKey: key })
  const bytes = Array.from(new TextEncoder().encode(json), (byte) => String.fromCharCode(byte))
  return `cherrystudio://providers/api-keys?v=1&data=${encodeURIComponent(btoa(bytes.join('')))}`
}

/** As src-tauri/src/deeplink/parser.rs of farion1231/cc-switch reads it. It asks before it keeps anything. */
function writeCcSwitchLink(app: 'claude' | 'codex', endpoint: string, { key, model }: LinkValues): string {
  const query = { resource: 'provider', app, name: NAME, endpoint, apiKey: key, model }
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `ccswitch://v1/import?${pairs.join('&')}`
}
