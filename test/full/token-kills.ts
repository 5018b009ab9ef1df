/**
 * kill -9 between the sign-in service's answer and the commit, 200 times: no account is lost silently.
 * Run: node test/full/token-kills.ts [kills]
 */
import { killInTheWindow } from '../token-kills.ts'

const DEFAULT_KILLS = 200
const ACCOUNTS = 20

const [kills = DEFAULT_KILLS] = process.argv.slice(2).map(Number)
const figures = await killInTheWindow({ kills, accounts: ACCOUNTS })
const windows = figures.windowsMs.toSorted((a, b) => a - b)
const quantile = (share: number) => (windows[Math.floor(windows.length * share)] ?? 0).toFixed(1)
process.stdout.write(
  `${figures.kills} answers before a kill: ${figures.stored} were stored by then, ${figures.cutOff} were not; ` +
    `after those ${figures.signInAsked} accounts asked for a sign-in; none may be lost silently: ` +
    `${figures.silentlyLost.length}\n` +
    `from the answer to the commit, ${ACCOUNTS} at once: p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms\n`,
)
if (figures.silentlyLost.length > 0) throw new Error(figures.silentlyLost.join('\n'))
if (figures.cutOff === 0) throw new Error('no process was killed in time')
