/** The agents' programs: installed from the lockfile beside this file into a folder that outlives the run. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Agent } from './agent.ts'
import { runCommand } from './run-command.ts'

const pinned = path.join(import.meta.dirname, 'programs')
const installed = path.join(import.meta.dirname, '..', '..', '.cache', 'clients')
const LOCKFILE = 'package-lock.json'
const INSTALL_LIMIT_SECONDS = 600
const START_LIMIT_SECONDS = 60

/**
 * Needs the network once per state of the lockfile. `npm install` and not `npm ci`, which refuses a lockfile that lacks the
 * packages of other systems; scripts of the packages are not run.
 */
export async function installPrograms(): Promise<void> {
  const stamp = path.join(installed, 'node_modules', '.aqueduct-installed')
  const state = `${hashLockfile()} ${process.platform}-${process.arch}\n`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return
  mkdirSync(installed, { recursive: true })
  for (const file of ['package.json', LOCKFILE]) {
    copyFileSync(path.join(pinned, file), path.join(installed, file))
  }
  const { npm_execpath: npm } = process.env
  const program = npm === undefined ? ['npm'] : [process.execPath, npm]
  const { exitCode, output } = await runCommand({
    line: [...program, 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    environment: definedOnly(process.env),
    folder: installed,
    limitSeconds: INSTALL_LIMIT_SECONDS,
  })
  if (exitCode !== 0) throw new Error(`The agents could not be installed: ${output.trim()}`)
  writeFileSync(stamp, state)
}

function hashLockfile(): string {
  return createHash('sha256')
    .update(readFileSync(path.join(pinned, LOCKFILE)))
    .digest('hex')
}

function definedOnly(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

const packageSchema = z.looseObject({ dependencies: z.record(z.string(), z.string()) })

/** The version that the lockfile is for, whether it is installed or not. */
export function versionOf({ packageName }: Agent): string {
  const { dependencies } = packageSchema.parse(
    JSON.parse(readFileSync(path.join(pinned, 'package.json'), 'utf8')),
  )
  return dependencies[packageName] ?? 'not pinned'
}

export type ProgramFound = { kind: 'usable'; line: readonly string[] } | { kind: 'unusable'; why: string }

/** Whether the agent's program is there and starts; `environment` is as that of its runs, with a home. */
export async function findProgram(
  agent: Agent,
  environment: Readonly<Record<string, string>>,
): Promise<ProgramFound> {
  const file = path.join(installed, 'node_modules', agent.program)
  if (!existsSync(file)) return { kind: 'unusable', why: `${agent.program} is not installed` }
  const program = file.endsWith('.js') ? [process.execPath, file] : [file]
  const run = { line: [...program, '--version'], environment, folder: installed }
  try {
    const { exitCode, output } = await runCommand({ ...run, limitSeconds: START_LIMIT_SECONDS })
    if (exitCode === 0 && output.includes(versionOf(agent))) return { kind: 'usable', line: program }
    return { kind: 'unusable', why: `--version ends with ${exitCode} and tells: ${output.trim()}` }
  } catch (error) {
    return { kind: 'unusable', why: String(error) }
  }
}
