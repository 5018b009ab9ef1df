/** Kills processes between the sign-in service's answer and the commit of what it brought, and looks what became of it. */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { startSimulator, type Simulator } from '../simulator/simulator.ts'
import { createSecrets } from '../src/access/secrets.ts'
import type { AccountStore } from '../src/accounts/account-store.ts'
import { sampleAccount } from '../src/accounts/sample-account.ts'
import { createAccountStore } from '../src/storage/accounts.ts'
import { openDatabase } from '../src/storage/database.ts'

const program = new URL('full/lab/refreshing-process.ts', import.meta.url)
const masterKey = Buffer.alloc(32, 7)
const report = z.array(z.object({ id: z.string(), kind: z.string(), windowMs: z.number() }))
type Report = z.infer<typeof report>
const REGION = 'us-east-1'
const OFFSETS_MS = [0, 2, 5, 10, 20, 40]

export interface KillFigures {
  /** Answers after which the process was killed, or all but. */
  kills: number
  /** Of those: the tokens were stored already, or they were not. */
  stored: number
  cutOff: number
  /** Of the accounts whose tokens were cut off: the next process said that they must sign in. */
  signInAsked: number
  /** What should not be: an account that neither works nor says so, or whose row or old tokens are gone. */
  silentlyLost: string[]
  /** From the answer to the commit, of processes that were not killed, with all accounts at once. */
  windowsMs: number[]
}

interface Bench {
  simulator: Simulator
  store: AccountStore
  /** Runs a process on all accounts; killed so long after so many answers, it tells nothing. */
  run: (kill?: { afterAnswers: number; offsetMs: number }) => Promise<Report | undefined>
}

/** Processes that refresh all accounts at once, one after the other; every other one is killed. */
export async function killInTheWindow(wanted: { kills: number; accounts: number }): Promise<KillFigures> {
  const simulator = await startSimulator({ switches: { journalBodies: false } })
  const directory = mkdtempSync(join(tmpdir(), 'aqueduct-kills-'))
  const database = await openDatabase({ path: join(directory, 'data.sqlite3') })
  const store = createAccountStore(database, createSecrets({ masterKey, randomBytes }))

  async function run(kill?: { afterAnswers: number; offsetMs: number }): Promise<Report | undefined> {
    // The lease of a process that died ends by itself after 20 seconds; that wait is not what is looked at here.
    await database.updateTable('accounts').set({ refresh_lease_until: '2000-01-01T00:00:00.000Z' }).execute()
    const child = fork(program, [directory, simulator.url, masterKey.toString('hex')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const exited = once(child, 'exit')
    let told: Report | undefined
    child.on('message', (message) => {
      told = report.parse(message)
    })
    if (kill !== undefined) {
      const enough = simulator.journal.refreshes() + kill.afterAnswers
      await Promise.race([simulator.journal.waitFor(() => simulator.journal.refreshes() >= enough), exited])
      await setTimeout(kill.offsetMs)
      child.kill('SIGKILL')
    }
    await exited
    return told
  }

  const figures = { kills: 0, stored: 0, cutOff: 0, signInAsked: 0, silentlyLost: [], windowsMs: [] }
  try {
    for (let index = 0; index < wanted.accounts; index += 1) {
      const seeded = simulator.seed()
      const account = sampleAccount(seeded.id, { signInRegion: REGION, clientId: seeded.clientId })
      await store.insert(account, credentialsOf(seeded))
    }
    for (let round = 0; figures.kills < wanted.kills; round += 1) {
      await killAndCheck({ simulator, store, run }, figures, round)
    }
    return figures
  } finally {
    await database.destroy()
    await simulator.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function killAndCheck(bench: Bench, figures: KillFigures, round: number): Promise<void> {
  const { simulator, store, run } = bench
  const before = await store.list()
  const refreshes = new Map(simulator.accounts().map((each) => [each.id, each.refreshes]))
  const offsetMs = OFFSETS_MS[round % OFFSETS_MS.length] ?? 0
  await run({ afterAnswers: 1 + (round % before.length), offsetMs })

  const cutOff = new Set<string>()
  for (const { id, refreshes: count } of simulator.accounts()) {
    if (count === refreshes.get(id)) continue
    const stored = await store.readCredentials(id)
    const isStored = (stored?.version ?? 0) > (before.find((each) => each.id === id)?.tokenVersion ?? 0)
    figures.kills += 1
    figures.stored += isStored ? 1 : 0
    figures.cutOff += isStored ? 0 : 1
    if (!isStored) cutOff.add(id)
    if (stored?.refreshToken === undefined) figures.silentlyLost.push(`${id}: its row or tokens are gone`)
  }

  for (const { id, kind, windowMs } of (await run()) ?? []) {
    if (kind === 'refreshed') figures.windowsMs.push(windowMs)
    else if (kind === 'sign-in-needed' && cutOff.has(id)) await signInAnew(bench, figures, id)
    else figures.silentlyLost.push(`${id}: ${kind}`)
  }
}

async function signInAnew({ simulator, store }: Bench, figures: KillFigures, id: string): Promise<void> {
  figures.signInAsked += 1
  const account = await store.find(id)
  if (account === undefined) return void figures.silentlyLost.push(`${id}: its row is gone`)
  const credentials = credentialsOf(simulator.seed({ id }))
  await store.save({ ...account, clientId: credentials.clientId }, { credentials, standing: true })
}

function credentialsOf(seeded: { clientId: string; clientSecret: string; refreshToken: string }) {
  const { clientId, clientSecret, refreshToken } = seeded
  return { clientId, clientSecret, refreshToken }
}
