/** What the libraries were seen to do, from a run of their tests to the table of docs/sdks.md. */
import { z } from 'zod'
import { abilities, libraries } from './abilities.ts'

const results = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
})

interface Cell {
  /** Library and API. */
  row: string
  ability: string
  passed: number
  /** Failed, or not run. */
  failed: number
}

/** As the title of its tests has it. */
export const rowOf = ({ name, api }: { name: string; api: string }) => `${name}, ${api}`

/** `json`: of vitest's reporter of that name. Cells without a test have none passed and none failed. */
export function readCells(json: string): Cell[] {
  const tests = results
    .parse(JSON.parse(json))
    .testResults.flatMap(({ assertionResults }) => assertionResults)
    .map(({ ancestorTitles: [row], title, status }) => {
      const [ability] = title.split(':')
      return { row, ability, passed: status === 'passed' }
    })
  return Object.values(libraries).flatMap((library) =>
    Object.keys(abilities).map((ability) => {
      const row = rowOf(library)
      const own = tests.filter((test) => test.row === row && test.ability === ability)
      const passed = own.filter((test) => test.passed).length
      return { row, ability, passed, failed: own.length - passed }
    }),
  )
}

const INTRODUCTION = `# Client libraries

What the gateway has been seen to do with the libraries that programs use, each by its own calls: over sockets, with the gateway as it is and a
strict simulator behind it. A cell has the number of its tests in \`test/sdk/\`. \`node test/full/sdks.ts --write\` runs them and writes this page, and
\`npm run check:full\` runs them too. What the APIs themselves keep to is in [conformance.md](conformance.md).

What the columns mean:
`

const WITHHELD = `## What is not in the table

| what | why |
| - | - |
| AI SDK 6 with \`@ai-sdk/openai-compatible\` | The generation of it that is installed speaks to AI SDK 7 alone. |
| Structured output by a tool, of \`openai\` and \`@anthropic-ai/sdk\`, and of the AI SDK by OpenAI's APIs | These libraries know the schema alone; where there are two ways, the cell has a test of each. |
| Embeddings, speech, pictures, moderation | The model service has none. |
| The libraries for Python | Nothing in this repository runs Python. |
`

export function writeSdks(cells: readonly Cell[]): string {
  const columns = Object.entries(abilities)
  const meanings = columns.map(([ability, sentence]) => `- **${ability}**: ${sentence}`)
  const rows = Object.values(libraries).map((library) => {
    const own = cells.filter(({ row }) => row === rowOf(library))
    return [library.name, library.api, ...own.map(proofOf)]
  })
  const head = ['library', 'API', ...columns.map(([ability]) => ability)]
  const table = [head, head.map(() => '-'), ...rows].map((row) => `| ${row.join(' | ')} |`)
  return [INTRODUCTION, ...meanings, '', '## The table', '', ...table, '', WITHHELD].join('\n')
}

function proofOf({ passed, failed }: Cell): string {
  return failed === 0 ? String(passed) : `**${failed} of ${passed + failed} failed**`
}
