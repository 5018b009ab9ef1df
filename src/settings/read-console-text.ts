import type { VariableName } from '../config/variables.ts'
import { readSettingText, type SettingReading } from './setting-facts.ts'

/**
 * Less of these would keep the operator's own browser out, which has several connections and may be far away: the environment
 * may say so, the console may not.
 */
const leastInConsole: Partial<Record<VariableName, number>> = {
  MAX_BODY_MEGABYTES: 0.01,
  MAX_BUFFERED_MEGABYTES: 0.01,
  HEADERS_TIMEOUT_SECONDS: 1,
  BODY_TIMEOUT_SECONDS: 1,
  MAX_CONNECTIONS_PER_ADDRESS: 8,
}

/** A text as somebody sets it in the console, if that leaves the way back open. */
export function readConsoleText(name: VariableName, text: string): SettingReading {
  const reading = readSettingText(name, text)
  const least = leastInConsole[name]
  if (!reading.isValid || least === undefined || Number(reading.text) >= least) return reading
  // Of a limit that is no limit.
  const mayBeNone = readSettingText(name, '0').isValid
  if (mayBeNone && reading.text === '0') return reading
  const bound = `${mayBeNone ? '0 or ' : ''}at least ${least}`
  return {
    isValid: false,
    why: `must be ${bound} here: less could keep you out of the console. The environment may set it.`,
  }
}
