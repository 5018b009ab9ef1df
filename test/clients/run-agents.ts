import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Agent, Expectation } from './agent.ts'
import { findProgram, type ProgramFound, versionOf } from './programs.ts'
import type { Row } from './report.ts'
import { runScenario } from './run-scenario.ts'
import { type ScenarioName, scenarioNames } from './scenarios.ts'

const AT_ONCE = 2

interface Wish {
  agents: readonly Agent[]
  /** Runs only what has this in the name of the agent or the scenario. */
  pattern: string
  /** For every agent, beside what any program needs. */
  environment: Readonly<Record<string, string>>
  onRow: (row: Row) => void
}

interface Task {
  agent: Agent
  scenarioName: ScenarioName
  expectation: Expectation
}

/** Every agent in each of its scenarios; answers in this order. */
export async function runAgents({ agents, pattern, environment, onRow }: Wish): Promise<Row[]> {
  const tasks = agents.flatMap((agent) =>
    scenarioNames
      .filter((scenarioName) => `${agent.name}: ${scenarioName}`.includes(pattern))
      .flatMap((scenarioName): Task[] => {
        const expectation = agent.expected[scenarioName]
        return expectation === undefined ? [] : [{ agent, scenarioName, expectation }]
      }),
  )
  const run = createRunner({ ...baseEnvironment(), ...environment })
  const rows = new Map<Task, Row>()
  const waiting = [...tasks]
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const row = await run(task)
      rows.set(task, row)
      onRow(row)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return tasks.flatMap((task) => rows.get(task) ?? [])
}

/** Nothing of ours, lest an agent finds a key, a proxy or a setting of whoever runs this. */
function baseEnvironment(): Record<string, string> {
  const folders = [path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin']
  return { PATH: folders.join(path.delimiter), LANG: 'C.UTF-8', TERM: 'dumb', NO_COLOR: '1' }
}

function createRunner(environment: Readonly<Record<string, string>>) {
  const programs = new Map<string, Promise<ProgramFound>>()

  /** Whether it starts is asked once of each program. */
  function programOf(agent: Agent): Promise<ProgramFound> {
    const known = programs.get(agent.program) ?? lookFor(agent, environment)
    programs.set(agent.program, known)
    return known
  }

  return async ({ agent, scenarioName, expectation }: Task): Promise<Row> => {
    const row = { agent: agent.name, version: versionOf(agent), scenario: scenarioName }
    const found = await programOf(agent)
    if (found.kind === 'unusable') return { ...row, outcome: 'not run', details: [found.why] }
    const { line: program } = found
    const report = await runScenario({ agent, scenarioName, expectation, program, environment })
    const { faults, requests, seconds } = report
    return { ...row, outcome: faults.length === 0 ? 'passed' : 'failed', requests, seconds, details: faults }
  }
}

async function lookFor(agent: Agent, environment: Readonly<Record<string, string>>): Promise<ProgramFound> {
  const home = mkdtempSync(path.join(tmpdir(), 'aqueduct-agent-'))
  try {
    return await findProgram(agent, { ...environment, HOME: home })
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 })
  }
}
