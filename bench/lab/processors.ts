/** Who runs where: the gateway alone on one processor, everything else on another. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Processors {
  gateway: number
  others: number
}

const TASKSET = 'taskset'

/** The command that runs `command` there. Undefined: wherever the system puts it. */
export function pinCommand(command: readonly string[], processor: number | undefined): readonly string[] {
  return processor === undefined ? command : [TASKSET, '-c', String(processor), ...command]
}

/** The first two that this process may use, of a list like `0-2,5`; undefined when there are not two. */
export function chooseProcessors(allowedList: string): Processors | undefined {
  const [gateway, others] = allowedList.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
  return gateway === undefined || others === undefined ? undefined : { gateway, others }
}

/** Moves this process to its processor. Undefined: everything runs where the system puts it. */
export function divideProcessors(): Processors | undefined {
  try {
    const [, allowedList = ''] =
      /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    const processors = chooseProcessors(allowedList)
    if (processors === undefined) return undefined
    execFileSync(TASKSET, ['-acp', String(processors.others), String(process.pid)], { stdio: 'ignore' })
    return processors
  } catch {
    // No taskset, or not Linux: the report says so.
    return undefined
  }
}
