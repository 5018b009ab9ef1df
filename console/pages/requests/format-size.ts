import { formatNumber } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { listMessages } from './messages.ts'

/** To be called while rendering. */
export function formatSize(bytes: number): string {
  const text = speak(listMessages)
  if (bytes < 1000) return text('bytes', { size: formatNumber(bytes) })
  if (bytes < 1_000_000) return text('kilobytes', { size: formatNumber(Math.round(bytes / 100) / 10) })
  return text('megabytes', { size: formatNumber(Math.round(bytes / 100_000) / 10) })
}
