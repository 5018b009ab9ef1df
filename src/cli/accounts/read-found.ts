/** Reads what is at the place that the operator named; complaints name that place. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createEnvelopes } from '../../access/export-envelope.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { decodeText, MOST_TEXT_BYTES } from '../../import-sources/decode-text.ts'
import { createJudge } from '../../import-sources/judge-row.ts'
import { readSource, type SourceOptions } from '../../import-sources/read-source.ts'
import { unreadable, type ReadAccount, type Source } from '../../import-sources/source.ts'
import { isSqlite } from '../../import-sources/sqlite-source.ts'
import { readTextSource } from '../../import-sources/text-source.ts'
import type { Config } from '../../config.ts'
import type { Cli } from '../cli.ts'
import { CommandError } from '../command-error.ts'
import type { SourcePlace } from './find-source.ts'
import { readPassphrase } from '../passphrase.ts'

interface ReadParts {
  cli: Cli
  readAccount: ReadAccount
  passphraseFile: string | undefined
}

/** Throws a CommandError with a sentence when nothing of it can be read. */
export async function readFound(
  place: SourcePlace,
  { cli, readAccount, passphraseFile }: ReadParts,
): Promise<Source> {
  const openEnvelope = async (envelope: unknown) => {
    const passphrase = await readPassphrase(cli, passphraseFile)
    return createEnvelopes(randomBytes).open(envelope, passphrase)
  }
  try {
    const options = {
      readAccount,
      openEnvelope,
      temporaryFolder: hasFolder(cli.config()) ? cli.config().dataDirectory : tmpdir(),
      signal: cli.terminal.interrupted,
    }
    return 'input' in place
      ? await readInput(await cli.terminal.readInput(MOST_TEXT_BYTES), options)
      : await readSource(place.location, options)
  } catch (error) {
    if (error instanceof GatewayError) throw new CommandError(`${place.name}: ${error.failure.message}`)
    throw error
  }
}

/** Whether there is a folder that is private already. */
function hasFolder({ dataDirectory }: Config): boolean {
  return existsSync(dataDirectory)
}

async function readInput(bytes: Buffer, { readAccount, openEnvelope }: SourceOptions): Promise<Source> {
  if (bytes.length >= MOST_TEXT_BYTES) throw unreadable('It has 10 MB or more: import it in parts.')
  if (isSqlite(bytes)) throw unreadable('A database is not read from there: name its file.')
  const judge = createJudge(readAccount)
  return readTextSource(decodeText(bytes), { judge, readBeside: async () => undefined, openEnvelope })
}
