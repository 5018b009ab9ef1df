/** The agents' programs: installed from the lockfile beside this file into a folder that outlives the run. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { z } from 'zod'
import type { Agent } from './agent.ts'
import { runCommand } from './run-command.ts'

const pinned = path.join(import.meta.dirname, 'programs')
const installed = path.join(import.meta.dirname, '..', '..', '.cache', 'clients')
const START_LIMIT_SECONDS = 60

interface Installer {
  installPackages(install: { folder: string; what: string; duration: string }, node: string): Promise<void>
}

/** Needs the network once per state of the lockfile. Scripts of the packages are not run. */
export async function installPrograms(): Promise<void> {
  mkdirSync(installed, { recursive: true })
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(path.join(pinned, file), path.join(installed, file))
  }
  const installer: Installer = createRequire(import.meta.url)('../../bin/launcher/install.cjs')
  await installer.installPackages(
    { folder: installed, what: 'the agents', duration: '2 min' },
    process.execPath,
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
