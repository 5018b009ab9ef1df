/** What the kernel knows of a process: exact for any window, however short, and whatever else the machine does. */
import { readFileSync, readdirSync } from 'node:fs'

const NANOSECONDS = 1e9
const KIBIBYTES_PER_MEGABYTE = 1000 / 1.024

/** Of all its threads. From the scheduler, in nanoseconds; utime and stime of /proc/PID/stat count in steps of 10 ms. */
export function cpuSecondsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]),
  )
  return nanoseconds.reduce((sum, each) => sum + each, 0) / NANOSECONDS
}

/** The most memory that it ever had resident. */
export function peakMegabytesOf(pid: number): number {
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) / KIBIBYTES_PER_MEGABYTE
}
