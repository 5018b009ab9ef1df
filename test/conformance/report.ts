/** What was proven of the assertions, from a run of their tests to the table of docs/conformance.md. */
import { z } from 'zod'
import { assertionIds, assertions } from './assertions.ts'

const results = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) }),
  ),
})

export interface Finding {
  id: string
  passed: number
  /** Failed, or not run. */
  failed: number
}

/** `json`: of vitest's reporter of that name. Assertions without a test have none passed and none failed. */
export function readFindings(json: string): Finding[] {
  const cases = results
    .parse(JSON.parse(json))
    .testResults.flatMap(({ assertionResults }) => assertionResults)
    .map(({ title, status }) => ({ id: title.split(':')[0], passed: status === 'passed' }))
  return assertionIds.map((id) => {
    const own = cases.filter((each) => each.id === id)
    const passed = own.filter((each) => each.passed).length
    return { id, passed, failed: own.length - passed }
  })
}

const surfaces = [
  ['A', "Anthropic's Messages"],
  ['C', 'Chat Completions'],
  ['R', 'Responses'],
  ['X', 'All of them'],
] as const

const INTRODUCTION = `# Conformance

What real clients need of the gateway, learnt from their sources and from running them, each need with the tests that prove it: over sockets,
with the gateway as it is and a strict simulator behind it. \`node test/full/conformance.ts --write\` runs them and writes this page, and
\`npm run check:full\` runs them too. What is proven by the agents' own programs is in [agents.md](agents.md).
`

export function writeConformance(findings: readonly Finding[]): string {
  const sections = surfaces.map(([letter, name]) => {
    const own = findings.filter(({ id }) => id.startsWith(letter))
    const rows = own.map(
      (finding) =>
        `| ${finding.id} | ${levelOf(finding.id)} | ${sentenceOf(finding.id)} | ${proofOf(finding)} |`,
    )
    return `## ${name}\n\n| # | level | what holds | proof |\n| - | - | - | - |\n${rows.join('\n')}\n`
  })
  return [INTRODUCTION, ...sections].join('\n')
}

const assertionOf = (id: string) => Object.entries(assertions).find(([each]) => each === id)?.[1]
const levelOf = (id: string) => assertionOf(id)?.level ?? ''

function sentenceOf(id: string): string {
  const text = assertionOf(id)?.text ?? ''
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function proofOf({ id, passed, failed }: Finding): string {
  const assertion = assertionOf(id)
  if (assertion !== undefined && 'provenBy' in assertion) return '[the program itself](agents.md)'
  if (failed > 0) return `**${failed} of ${passed + failed} failed**`
  return passed === 1 ? '1 test' : `${passed} tests`
}
