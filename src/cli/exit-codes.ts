/** As in sysexits.h, so that scripts can tell why. */
export const exitCodes = {
  done: 0,
  /** It ran, and some or all of it did not work. */
  failed: 1,
  usage: 64,
  unavailable: 69,
  config: 78,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
