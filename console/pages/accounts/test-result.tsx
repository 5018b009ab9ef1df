import { formatMilliseconds } from '../../i18n/format.ts'
import { speak } from '../../i18n/messages.ts'
import { describeProblem } from '../../i18n/problems.ts'
import { Badge } from '../../parts/badge.tsx'
import { unreachable } from '../../unreachable.ts'
import { accountTests } from './account-tests.ts'
import { messages } from './messages.ts'

/** What the last test of an account has shown; nothing when there was none. `isBrief`: where there is little place. */
export function TestResult({ id, isBrief = false }: { id: string; isBrief?: boolean }) {
  const text = speak(messages)
  const test = accountTests.value.get(id)
  if (test === undefined) return null
  switch (test.kind) {
    case 'running':
      return <Badge tone="busy">{text('testing')}</Badge>
    case 'done': {
      const facts = { time: formatMilliseconds(test.firstTokenMs), model: test.model }
      return (
        <Badge tone="good" title={text('testDone', facts)}>
          <span class="clip">{text(isBrief ? 'testBrief' : 'testDone', facts)}</span>
        </Badge>
      )
    }
    case 'failed': {
      const words = text('testFailed', { reason: describeProblem(test.error) })
      return (
        <Badge tone="bad" title={words}>
          <span class="clip">{words}</span>
        </Badge>
      )
    }
    default:
      return unreachable(test)
  }
}
