/** The figures of a round: of the load, and of the moment of calm after it, when whatever is still there has stayed behind. */
import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cpuSecondsOf } from '../../../../bench/lab/process-accounting.ts'
import type { SoakedGateway } from './soaked-gateway.ts'

/** Of the calm, where nothing else is said. */
export interface Round {
  residentMegabytes: number
  /** After garbage was collected; buffers too. */
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
  /** How late the event loop was under load. */
  loopP50Ms: number
  loopP99Ms: number
  loopMaxMs: number
  /** Of one processor, under load: what all threads had of it, and for how much of the time the first of them had to wait for one. */
  processorShare: number
  waitShare: number
}

type Load = Pick<Round, 'loopP50Ms' | 'loopP99Ms' | 'loopMaxMs' | 'processorShare' | 'waitShare'>

export interface Meter {
  beginLoad(): Promise<void>
  endLoad(): Promise<Load>
  rest(): Promise<Omit<Round, keyof Load>>
}

const BYTES_A_MEGABYTE = 1e6
const KIBIBYTES_A_MEGABYTE = 1000 / 1.024

export function createMeter(gateway: SoakedGateway, dataDirectory: string): Meter {
  const { pid } = gateway
  const read = () => ({ at: performance.now(), cpu: cpuSecondsOf(pid), waited: waitSecondsOf(pid) })
  let begun = read()

  return {
    async beginLoad() {
      await gateway.beginLoad()
      begun = read()
    },
    async endLoad() {
      const ended = read()
      const { p50Ms, p99Ms, maxMs } = await gateway.endLoad()
      const seconds = (ended.at - begun.at) / 1000
      return {
        loopP50Ms: p50Ms,
        loopP99Ms: p99Ms,
        loopMaxMs: maxMs,
        processorShare: (ended.cpu - begun.cpu) / seconds,
        waitShare: (ended.waited - begun.waited) / seconds,
      }
    },
    async rest() {
      const fromOutside = lookFromOutside(pid)
      const { resources, listeners, heapBytes } = await gateway.rest()
      return {
        ...fromOutside,
        timers: resources['Timeout'] ?? 0,
        resources: Object.values(resources).reduce((sum, count) => sum + count, 0),
        listeners,
        databaseMegabytes: sizeOfDatabase(dataDirectory) / BYTES_A_MEGABYTE,
        heapMegabytes: heapBytes / BYTES_A_MEGABYTE,
      }
    },
  }
}

function lookFromOutside(
  pid: number,
): Pick<Round, 'residentMegabytes' | 'threads' | 'descriptors' | 'sockets'> {
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
