/** A signal that anybody of this user can send, or a report after a crash, must not open up what the process holds in memory. */

/** No inspector on SIGUSR1, and no environment, which has the secrets of the settings, in diagnostic reports. */
export function closeToDebuggers(process: Pick<NodeJS.Process, 'on' | 'report'>): void {
  // Whoever listens takes the place of the inspector. One that was asked for at the start (`--inspect`) stays.
  process.on('SIGUSR1', () => {})
  process.report.excludeEnv = true
}
