import { formatNumber } from '../../../i18n/format.ts'
import { splitBytes } from './show-body.ts'

/** 12.3 kB. To be called while a component renders. */
export function formatBytes(bytes: number): string {
  const { count, unit } = splitBytes(bytes)
  return `${formatNumber(count)} ${unit}`
}
