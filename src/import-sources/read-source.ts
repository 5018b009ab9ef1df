/** Reads accounts where other programs keep them: the front of this folder. */
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { JsonObject } from '../conversation/conversation.ts'
import { parseJsonObject } from '../conversation/parse-json.ts'
import { decodeText, MOST_TEXT_BYTES } from './decode-text.ts'
import { createJudge } from './judge-row.ts'
import { mysql } from './mysql-session.ts'
import { withFile } from './open-file.ts'
import { postgres } from './postgres-session.ts'
import { readServerSource, type ServerParts } from './server-source.ts'
import { unreadable, type ReadAccount, type Source } from './source.ts'
import { isSqlite, readSqliteSource } from './sqlite-source.ts'
import { readTextSource } from './text-source.ts'

export interface SourceOptions {
  readAccount: ReadAccount
  /** Opens an export that was made with a passphrase; absent: no passphrase is known. */
  openEnvelope?: (envelope: unknown) => Promise<string>
  /** Where a folder is made for the copy of a database, and removed again. */
  temporaryFolder?: string
  /** Ends the reading with its reason. */
  signal?: AbortSignal
}

const START_BYTES = 16

/**
 * `location`: path of a file, or the address of a server (postgres://, mysql://). What a file is, its content says. The source
 * is never written. Throws `invalid-request` with a sentence, without the location and without a secret, when nothing of it can be read.
 */
export async function readSource(location: string, options: SourceOptions): Promise<Source> {
  const judge = createJudge(options.readAccount)
  const [, scheme = ''] = /^([a-z]+):\/\//i.exec(location) ?? []
  const { temporaryFolder = tmpdir(), signal } = options
  if (scheme !== '') return readServer(location, scheme.toLowerCase(), { judge, signal })
  const text = await readFileText(location)
  if (text === undefined) return readSqliteSource(location, { temporaryFolder, signal, judge })
  const readBeside = (name: string) => readObjectBeside(location, name)
  return readTextSource(text, { judge, readBeside, openEnvelope: options.openEnvelope })
}

function readServer(url: string, scheme: string, parts: ServerParts): Promise<Source> {
  if (!URL.canParse(url)) throw unreadable('It is no valid address of a database server.')
  switch (scheme) {
    case 'postgres':
    case 'postgresql':
      return readServerSource(url, postgres, parts)
    case 'mysql':
    case 'mariadb':
      return readServerSource(url, mysql, parts)
    default:
      throw unreadable(
        'It must be the path of a file, or an address that begins with postgres:// or mysql://.',
      )
  }
}

/** Undefined for a database of SQLite. */
function readFileText(path: string): Promise<string | undefined> {
  return withFile(path, async ({ readStart }) => {
    if (isSqlite(await readStart(START_BYTES))) return undefined
    const bytes = await readStart(MOST_TEXT_BYTES)
    if (bytes.length < MOST_TEXT_BYTES) return decodeText(bytes)
    throw unreadable('It has 10 MB or more: import it in parts.')
  })
}

/** Only files of the same folder are looked at, whatever the name says. */
async function readObjectBeside(location: string, name: string): Promise<JsonObject | undefined> {
  try {
    const text = await readFileText(join(dirname(location), basename(name)))
    return text === undefined ? undefined : parseJsonObject(text)
  } catch {
    return undefined
  }
}
