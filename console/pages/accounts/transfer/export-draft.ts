/** What a form holds of an export. Pure. */

export interface ExportDraft {
  withSecrets: boolean
  /** Without secrets alone: what is locked is JSON. */
  format: 'json' | 'csv'
  passphrase: string
  again: string
  /** The operator's; empty: it was not asked for. */
  password: string
}

export const blankExport: ExportDraft = {
  withSecrets: false,
  format: 'json',
  passphrase: '',
  again: '',
  password: '',
}

const LEAST_PASSPHRASE = 12

export function exportFaults({ withSecrets, passphrase, again }: ExportDraft): ('short' | 'different')[] {
  if (!withSecrets) return []
  return [
    ...(passphrase.length < LEAST_PASSPHRASE ? ['short' as const] : []),
    ...(passphrase === again ? [] : ['different' as const]),
  ]
}

export function exportBodyOf({ withSecrets, format, passphrase, password }: ExportDraft) {
  if (!withSecrets) return { format }
  return { include_secrets: true, passphrase, ...(password !== '' && { password }) }
}
