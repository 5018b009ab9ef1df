/** When V8 compiles for speed: most of what a request needs runs once in it, which is late for a compiler that waits for loops. */
import { setFlagsFromString } from 'node:v8'

/** Of 3,000 that V8 waits for. After 4,000 requests a gateway then takes about a seventh less for each; later, less is certain. */
const CALLS = 1000
/** The one that it was measured with; others may not know the flag, and say so in the log of errors. */
const MEASURED_WITH = '13.'

/** For the whole process. `version` is that of V8. */
export function compileEarly(version: string, setFlags = setFlagsFromString): void {
  if (version.startsWith(MEASURED_WITH)) setFlags(`--invocation-count-for-turbofan=${CALLS}`)
}
