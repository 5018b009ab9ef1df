/** One agent in one scenario, before a gateway and a model service of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { images } from '../sample-images.ts'
import type { Agent, Expectation, Place } from './agent.ts'
import { runCommand, type CommandResult } from './run-command.ts'
import { PICTURE, type ScenarioName, scenarios } from './scenarios.ts'

/** Far above what any of them takes, also on a busy machine. */
const LIMIT_SECONDS = 120
/** Of what an agent said, in a report of its fault. */
const SHOWN_CHARACTERS = 2000

export interface RunReport {
  /** What is not as it shall be; empty: nothing. */
  faults: string[]
  /** How often the agent asked for an answer. */
  requests: number
  seconds: number
}

interface Run {
  agent: Agent
  scenarioName: ScenarioName
  expectation: Expectation
  /** The program, with Node before it where it is a script. */
  program: readonly string[]
  /** What every agent gets. */
  environment: Readonly<Record<string, string>>
}

export async function runScenario(run: Run): Promise<RunReport> {
  const { agent, scenarioName } = run
  const scenario = scenarios[scenarioName]
  const gateway = await startGatewayUnderTest({
    environment: { LOG_LEVEL: 'info', ...agent.gatewaySettings },
  })
  const place = makePlace(gateway.url, scenario.compactsEarly ?? false)
  try {
    for (let more = 1; more < (scenario.accounts ?? 1); more++) await gateway.addAccount()
    gateway.simulator.plan(...scenario.plans(agent.tools, place))
    const { args, environment } = agent.prepare(scenario.question, place)
    const startedAt = performance.now()
    const result = await runCommand({
      line: [...run.program, ...args],
      environment: { ...run.environment, HOME: place.home, ...environment },
      folder: place.folder,
      limitSeconds: LIMIT_SECONDS,
    })
    const seconds = (performance.now() - startedAt) / 1000
    const asked = requestsOf(gateway.log)
    const faults = judge(run, { result, asked, gateway, place })
    return { faults: withOutput(faults, result, asked), requests: asked.length, seconds }
  } finally {
    await gateway.close()
    rmSync(path.dirname(place.home), { recursive: true, force: true, maxRetries: 3 })
  }
}

function makePlace(gatewayUrl: string, compactsEarly: boolean): Place {
  const root = mkdtempSync(path.join(tmpdir(), 'aqueduct-agent-'))
  const place = {
    gatewayUrl,
    key: 'sk-test',
    home: path.join(root, 'home'),
    folder: path.join(root, 'work'),
    compactsEarly,
  }
  mkdirSync(place.home)
  mkdirSync(place.folder)
  writeFileSync(path.join(place.folder, PICTURE), Buffer.from(images.png, 'base64'))
  return place
}

const requestSchema = z.object({
  msg: z.literal('request'),
  path: z.string(),
  status: z.number(),
  dialect: z.string(),
})
type Asked = z.infer<typeof requestSchema>

function requestsOf(log: readonly string[]): Asked[] {
  return log.flatMap((line) => {
    const read = requestSchema.safeParse(JSON.parse(line))
    return read.success ? [read.data] : []
  })
}

interface Outcome {
  result: CommandResult
  asked: readonly Asked[]
  gateway: GatewayUnderTest
  place: Place
}

const isIn = (text: string | undefined, where: string) => text === undefined || where.includes(text)

function judge({ agent, scenarioName, expectation }: Run, outcome: Outcome): string[] {
  const { result, asked, gateway, place } = outcome
  const { prints, shows, findFault } = scenarios[scenarioName]
  const { exit, requests, tells } = expectation
  const succeeds = exit === 'success'
  const { journal } = gateway.simulator
  const lastRequest = JSON.stringify(journal.of('GenerateAssistantResponse').at(-1)?.body ?? '')
  const checks: [isRight: boolean, fault: string][] = [
    [result.exitCode !== undefined, `it was ended after ${LIMIT_SECONDS} s, or by a signal`],
    [(result.exitCode === 0) === succeeds, `it ends with ${result.exitCode}, and not with ${exit}`],
    [!succeeds || isIn(prints, result.output), `it does not print "${prints}"`],
    [tells?.test(result.output) ?? true, `it does not tell ${tells}`],
    [asked.length === requests, `it asks ${asked.length} times and not ${requests} times`],
    [asked.every(({ dialect }) => dialect === agent.dialect), 'it speaks another API'],
    [isIn(shows, lastRequest), `the model is not shown "${shows}"`],
    [journal.violations().length === 0, `the simulator complains: ${JSON.stringify(journal.violations())}`],
  ]
  const faults = checks.flatMap(([isRight, fault]) => (isRight ? [] : [fault]))
  const further = faults.length === 0 ? findFault?.(place) : undefined
  return further === undefined ? faults : [...faults, further]
}

/** With a fault goes what there was to see of it. */
function withOutput(faults: string[], { output }: CommandResult, asked: readonly Asked[]): string[] {
  if (faults.length === 0) return []
  const answers = asked.map(({ path: route, status }) => `${route} ${status}`)
  return [...faults, `requests: ${answers.join(', ') || 'none'}`, output.trim().slice(-SHOWN_CHARACTERS)]
}
