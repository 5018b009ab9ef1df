/** The log: JSON, one line each, of members that are known, in which no character has a power of its own. */
import { pino, type Logger } from 'pino'
import { describeError } from '../access/describe-error.ts'
import { keepMembers, logText } from './log-members.ts'

interface LoggerParts {
  level: string
  /** In every line. */
  base: { worker: number } | null
  output: { write(line: string): void }
}

/** JSON escapes line breaks and what drives terminals; these, which it leaves, drive them too, turn text round, or hide. */
const UNSAFE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/
const ALL_UNSAFE = new RegExp(UNSAFE.source, 'g')

export function createLogger({ level, base, output }: LoggerParts): Logger {
  return pino(
    {
      level,
      base,
      // Described already; what pino would take over of an error is everything.
      serializers: { err: (described: unknown) => described },
      hooks: {
        logMethod([facts, message]: unknown[], log) {
          if (typeof facts !== 'object' || facts === null) log.call(this, logText(String(facts)))
          else log.call(this, keepMembers(asMembers(facts)), logText(messageOf(facts, message)))
        },
      },
    },
    { write: (line) => output.write(escapeUnsafe(line)) },
  )
}

function asMembers(facts: object): object {
  return facts instanceof Error ? { err: facts } : facts
}

/** Without a message, the log would take the error's, as it is. */
function messageOf(facts: object, message: unknown): string {
  if (typeof message === 'string') return message
  const error = facts instanceof Error ? facts : 'err' in facts ? facts.err : undefined
  return error === undefined ? '(no message)' : describeError(error).message
}

function escapeUnsafe(line: string): string {
  if (!UNSAFE.test(line)) return line
  return line.replace(ALL_UNSAFE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
