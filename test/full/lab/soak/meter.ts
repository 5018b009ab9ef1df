/** Looks at the gateway's process every few seconds, and makes of what it saw the figures of a minute. */
import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cpuSecondsOf } from '../../../../bench/lab/process-accounting.ts'
import { medianOf } from './slope.ts'
import type { SoakedGateway } from './soaked-gateway.ts'

/** Medians of the looks of a minute, where nothing else is said. */
export interface Minute {
  residentMegabytes: number
  /** After garbage was collected, at its end; buffers too. */
  heapMegabytes: number
  /** All that /proc/PID/fd has, and those of them that are sockets. */
  descriptors: number
  sockets: number
  /** Of what keeps the process going, by its own word: timers, and all of it. */
  timers: number
  resources: number
  listeners: number
  threads: number
  databaseMegabytes: number
  loopP50Ms: number
  loopP99Ms: number
  loopMaxMs: number
  /** Of one processor: what all threads had of it, and for how much of the time the first of them had to wait for one. */
  processorShare: number
  waitShare: number
}

export interface Meter {
  look(): Promise<void>
  closeMinute(): Promise<Minute>
}

type Sight = Pick<
  Minute,
  | 'residentMegabytes'
  | 'descriptors'
  | 'sockets'
  | 'timers'
  | 'resources'
  | 'listeners'
  | 'threads'
  | 'databaseMegabytes'
>

const BYTES_A_MEGABYTE = 1e6
const KIBIBYTES_A_MEGABYTE = 1000 / 1.024

export function createMeter(gateway: SoakedGateway, dataDirectory: string): Meter {
  let sights: Sight[] = []
  let cpuSeconds = cpuSecondsOf(gateway.pid)
  let waitSeconds = waitSecondsOf(gateway.pid)
  let closedAt = performance.now()

  function medians(): Sight {
    const of = (name: keyof Sight) => medianOf(sights.map((sight) => sight[name]))
    return {
      residentMegabytes: of('residentMegabytes'),
      descriptors: of('descriptors'),
      sockets: of('sockets'),
      timers: of('timers'),
      resources: of('resources'),
      listeners: of('listeners'),
      threads: of('threads'),
      databaseMegabytes: of('databaseMegabytes'),
    }
  }

  return {
    async look() {
      const { resources, listeners } = await gateway.look()
      sights.push({
        ...lookFromOutside(gateway.pid),
        timers: resources['Timeout'] ?? 0,
        resources: Object.values(resources).reduce((sum, count) => sum + count, 0),
        listeners,
        databaseMegabytes: sizeOfDatabase(dataDirectory) / BYTES_A_MEGABYTE,
      })
    },
    async closeMinute() {
      const now = performance.now()
      const [cpuNow, waitNow] = [cpuSecondsOf(gateway.pid), waitSecondsOf(gateway.pid)]
      const seconds = (now - closedAt) / 1000
      const { loop, heapBytes } = await gateway.closeMinute()
      const minute: Minute = {
        ...medians(),
        heapMegabytes: heapBytes / BYTES_A_MEGABYTE,
        loopP50Ms: loop.p50Ms,
        loopP99Ms: loop.p99Ms,
        loopMaxMs: loop.maxMs,
        processorShare: (cpuNow - cpuSeconds) / seconds,
        waitShare: (waitNow - waitSeconds) / seconds,
      }
      sights = []
      closedAt = now
      cpuSeconds = cpuNow
      waitSeconds = waitNow
      return minute
    },
  }
}

function lookFromOutside(
  pid: number,
): Pick<Sight, 'residentMegabytes' | 'threads' | 'descriptors' | 'sockets'> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const targets = readdirSync(`/proc/${pid}/fd`).map((name) => targetOf(`/proc/${pid}/fd/${name}`))
  return {
    residentMegabytes: Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) / KIBIBYTES_A_MEGABYTE,
    threads: Number(/^Threads:\s*(\d+)/m.exec(status)?.[1]),
    descriptors: targets.length,
    sockets: targets.filter((target) => target.startsWith('socket:')).length,
  }
}

/** While it could have run, and other programs did. */
function waitSecondsOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e9
}

/** One that has just been closed leads nowhere. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}

/** With what is not folded into the file yet. */
function sizeOfDatabase(dataDirectory: string): number {
  return ['data.sqlite3', 'data.sqlite3-wal']
    .map((name) => statSync(join(dataDirectory, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0)
}
