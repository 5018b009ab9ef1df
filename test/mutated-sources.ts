/**
 * Files of accounts that were damaged, or changed to do harm. Whatever they hold, reading ends in rows that are sound or told of, or in one
 * sentence; neither names a secret, the file stays as it is, and no copy of it stays behind.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { toGatewayError } from '../src/conversation/failures.ts'
import { unreachable } from '../src/conversation/unreachable.ts'
import { readSource } from '../src/import-sources/read-source.ts'
import type { Source } from '../src/import-sources/source.ts'
import { createFolder, q2apiRow, readAccount, writeCliDatabase, writeQ2api } from './import-samples.ts'

type Mutation =
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'write'; at: number; bytes: Uint8Array }
  | { kind: 'cut'; at: number }
  | { kind: 'repeat'; at: number; length: number }
  | { kind: 'remove'; at: number; length: number }
  | { kind: 'utf-16' }
  | { kind: 'zip' }

/** As a share of the file, so that every file has it. */
const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const length = fc.integer({ min: 1, max: 64 })
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 16, arbitrary: fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      at,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), at, length }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at, length }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'utf-16' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'zip' as const }) },
)

export interface MutationCounts {
  read: number
  refused: number
}

/** Throws with the mutations that break a promise. */
export async function checkMutatedSources({
  runs,
  seed,
}: {
  runs: number
  seed: number
}): Promise<MutationCounts> {
  const folder = createFolder()
  const counts: MutationCounts = { read: 0, refused: 0 }
  try {
    mkdirSync(folder.pathOf('temporary'))
    const originals = makeOriginals(folder.pathOf)
    const whole = fc.tuple(
      fc.constantFrom(...originals.keys()),
      fc.array(mutation, { minLength: 1, maxLength: 2 }),
    )
    const property = fc.asyncProperty(whole, async ([name, mutations]) => {
      const content = mutations.reduce(mutate, originals.get(name) ?? Buffer.alloc(0))
      const source = await readContent(content, folder.pathOf)
      counts[source === undefined ? 'refused' : 'read'] += 1
    })
    await fc.assert(property, { numRuns: runs, seed })
  } finally {
    folder.remove()
  }
  return counts
}

type PathOf = (name: string) => string

function makeOriginals(pathOf: PathOf): Map<string, Buffer> {
  const rows = Array.from({ length: 12 }, (_, index) => q2apiRow(index))
  const harm = `create view other as select load_extension('canary');
    create virtual table words using fts5(word); create table log (line);
    create trigger t after insert on accounts begin insert into log values ('ran'); end;
    create index i on accounts (hex(clientId)) where length(clientId) > 0`
  writeQ2api(pathOf('q2api'), rows)
  writeQ2api(pathOf('hostile'), rows, { sql: harm })
  const token = { access_token: 'canary-access', refresh_token: 'canary-refresh', region: 'us-east-1' }
  const registration = { client_id: 'client', client_secret: 'canary-secret' }
  writeCliDatabase(pathOf('cli'), {
    authKv: { 'codewhisperer:odic:token': token, 'codewhisperer:odic:device-registration': registration },
  })
  const header = ['label', 'clientId', 'clientSecret', 'refreshToken', 'enabled', 'other'] as const
  const lines = [header, ...rows.map((row) => header.map((name) => String(row[name] ?? '"=1+1, ""x"""')))]
  const texts = {
    json: JSON.stringify({ accounts: rows }),
    export: JSON.stringify({ format: 'aqueduct-accounts', version: 1, accounts: rows }),
    csv: lines.map((cells) => `${cells.join(',')}\r\n`).join(''),
  }
  return new Map([
    ...['q2api', 'hostile', 'cli'].map((name) => [name, readFileSync(pathOf(name))] as const),
    ...Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)] as const),
  ])
}

function mutate(content: Buffer, change: Mutation): Buffer {
  if ('at' in change) return mutateAt(content, change)
  return change.kind === 'zip'
    ? Buffer.concat([Buffer.from('PK\u0003\u0004'), content])
    : Buffer.from(`\uFEFF${content.toString('latin1')}`, 'utf16le')
}

function mutateAt(content: Buffer, change: Extract<Mutation, { at: number }>): Buffer {
  const index = Math.floor(change.at * content.length)
  const copy = Buffer.from(content)
  if (copy.length === 0) return copy
  const [before, behind] = [copy.subarray(0, index), copy.subarray(index)]
  switch (change.kind) {
    case 'flip':
      copy.writeUInt8(copy.readUInt8(index) ^ (1 << change.bit), index)
      return copy
    case 'write':
      copy.set(change.bytes.subarray(0, copy.length - index), index)
      return copy
    case 'cut':
      return before
    case 'repeat':
      return Buffer.concat([before, behind.subarray(0, change.length), behind])
    case 'remove':
      return Buffer.concat([before, behind.subarray(change.length)])
    default:
      return unreachable(change)
  }
}

/** Undefined when it was refused. */
async function readContent(content: Buffer, pathOf: PathOf): Promise<Source | undefined> {
  const path = pathOf('source')
  writeFileSync(path, content)
  const temporaryFolder = pathOf('temporary')
  const source = await readSource(path, { readAccount, temporaryFolder }).catch(refuse)
  if (!readFileSync(path).equals(content)) throw new Error('The source was changed.')
  if (readdirSync(temporaryFolder).length > 0) throw new Error('A copy stays behind.')
  for (const row of source?.rows ?? []) {
    if ('problem' in row) refuseSecret(row.problem)
    else if (!isSound(row.account)) throw new Error('An account was taken that is none.')
  }
  return source
}

function refuse(error: unknown): undefined {
  const { failure } = toGatewayError(error)
  if (failure.kind !== 'invalid-request') throw error
  refuseSecret(failure.message)
}

function refuseSecret(sentence: string): void {
  if (sentence.includes('canary')) throw new Error(`A secret is told: ${sentence}`)
}

function isSound(account: { clientId: string; clientSecret: string; refreshToken?: string | null }): boolean {
  const { clientId, clientSecret, refreshToken } = account
  return [clientId, clientSecret, refreshToken ?? ''].every((text) => /^[\x21-\x7e]{1,16384}$/.test(text))
}
