/**
 * A world in which nothing changes by itself: the time of all gateways, simulators and pages passes only when a program says so,
 * or a simulator waits, and chance always decides alike. What pages tell of it is then the same each time.
 */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { systemTime } from '../../../simulator/clock.ts'
import { systemClock } from '../../../src/clock.ts'

export interface StillWorld {
  pass(milliseconds: number): void
  /** To be called before a browser is started: from now on simulators wait as long as it takes, and no time passes by that. */
  stop(): void
  /** For pages: their date is that of the gateways, and what they would do a second later or more never comes. */
  pageScript(): string
}

const BEGINNING = Date.parse('2026-01-14T09:41:00Z')
/** Until what was sent before a simulator waits has arrived. */
const ARRIVAL_MS = 5
const LONG_MS = 1000
/** The longest that a browser waits. */
const NEVER_MS = 2 ** 31 - 1
/** HKDF gives no more; what is longer repeats it. */
const MOST_HELD_BYTES = 8160

/** To be called before anything is started. Holds for this process and the browsers that it starts. */
export function holdStill(): StillWorld {
  let now = BEGINNING
  let isStopped = false
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  process.env['TZ'] = 'UTC'
  Math.random = () => 0.5
  holdRandomBytes()
  systemClock.now = () => now
  systemClock.elapsed = () => now - BEGINNING
  systemTime.now = () => now
  // By it the server tells how long a request took. The browser's driver, which comes later, needs the real one.
  const realNow = performance.now.bind(performance)
  const heldAt = realNow()
  performance.now = () => heldAt + now - BEGINNING
  const after = systemTime.after.bind(systemTime)
  systemTime.after = (delayMs, action) => {
    if (isStopped) return after(delayMs, action)
    return after(ARRIVAL_MS, () => {
      pass(delayMs)
      action()
    })
  }
  return {
    pass,
    stop: () => {
      isStopped = true
      performance.now = realNow
    },
    pageScript: () => `{
      const Real = Date
      const Still = function (...given) {
        if (new.target === undefined) return new Real(${now}).toString()
        return Reflect.construct(Real, given.length === 0 ? [${now}] : given, new.target)
      }
      Still.prototype = Real.prototype
      Object.setPrototypeOf(Still, Real)
      Still.now = () => ${now}
      globalThis.Date = Still
      performance.now = () => ${LONG_MS}
      for (const name of ['setTimeout', 'setInterval']) {
        const set = globalThis[name]
        globalThis[name] = (action, delay, ...given) => set(action, delay >= ${LONG_MS} ? ${NEVER_MS} : delay, ...given)
      }
    }`,
  }
}

/** Ids are drawn from them, and wrap elsewhere each time. Those of a length come in the same order, and none twice. */
function holdRandomBytes(): void {
  const drawn = new Map<number, number>()
  function draw(size: number, tell?: (error: null, bytes: Buffer) => void): Buffer | undefined {
    const count = (drawn.get(size) ?? 0) + 1
    drawn.set(size, count)
    const bytes = crypto.hkdfSync('sha256', 'still', `${size}`, `${count}`, Math.min(size, MOST_HELD_BYTES))
    const held = Buffer.alloc(size, Buffer.from(bytes))
    if (tell === undefined) return held
    queueMicrotask(() => tell(null, held))
    return undefined
  }
  Object.assign(crypto, { randomBytes: draw })
  syncBuiltinESMExports()
}
