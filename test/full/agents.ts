/**
 * The agents themselves, at pinned versions from npm, each before a gateway and a simulator on a network of nothing but the
 * loopback interface. Run: node test/full/agents.ts [PATTERN] [--write FILE], PATTERN as in "Codex" or "cut stream".
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { agentsAsSetUp } from '../clients/agents/as-set-up.ts'
import { agents } from '../clients/agents/index.ts'
import { discouragingVariables, isIsolated, isolate } from '../clients/isolation.ts'
import { installPrograms } from '../clients/programs.ts'
import { describeRow, summarize, writeTable } from '../clients/report.ts'
import { runAgents } from '../clients/run-agents.ts'

const { values, positionals } = parseArgs({ options: { write: { type: 'string' } }, allowPositionals: true })
const [pattern = ''] = positionals
const print = (text: string) => void process.stdout.write(`${text}\n`)

if (!isIsolated()) {
  print('Looking for the agents, which are installed once: that takes about two minutes.')
  // What is not there is told of each agent below.
  await installPrograms().catch((error: unknown) => print(String(error)))
}
const isolation = await isolate()
if (isolation.kind === 'ran') process.exitCode = isolation.exitCode
else process.exitCode = await proveAgents(isolation.kind === 'impossible')

async function proveAgents(hasNetwork: boolean): Promise<number> {
  print(
    hasNetwork
      ? 'This system has no namespaces for us: the agents are kept off the network by variables for proxies alone.'
      : 'There is no network but the loopback interface.',
  )
  const rows = await runAgents({
    agents: [...agents, ...agentsAsSetUp],
    pattern,
    environment: hasNetwork ? discouragingVariables() : {},
    onRow: (row) => print(describeRow(row)),
  })
  const table = writeTable(rows)
  print(`\n${table}\n${summarize(rows)}`)
  if (values.write !== undefined) writeFileSync(values.write, table)
  // What was not run is not proven.
  return rows.length > 0 && rows.every(({ outcome }) => outcome === 'passed') ? 0 : 1
}
