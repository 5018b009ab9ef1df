/** The files of the console, as its build has left them: those of its list, and no path leads to another. */
import { readFile } from 'node:fs/promises'
import * as z from 'zod'

interface ConsoleFile {
  type: string
  content: Buffer
  /** The same, packed by brotli. */
  packed: Buffer
}

export interface ConsoleFiles {
  /** The page that loads all others. Undefined: the console has not been built. */
  readPage(): Promise<Buffer | undefined>
  /** Undefined: it is not on the list. */
  readAsset(name: string): Promise<ConsoleFile | undefined>
}

const fileList = z.array(z.object({ name: z.string(), type: z.string() }))

/** `folder` ends in a slash. Whatever was read once stays in memory: all of it is a few hundred kilobytes. */
export function createConsoleFiles(folder: URL): ConsoleFiles {
  const read = (name: string) => readFile(new URL(encodeURIComponent(name), folder))
  const assets = new Map<string, Promise<ConsoleFile>>()
  let types: Promise<ReadonlyMap<string, string>> | undefined
  let page: Promise<Buffer> | undefined

  async function readTypes(): Promise<ReadonlyMap<string, string>> {
    const list = fileList.parse(JSON.parse(String(await read('files.json'))))
    return new Map(list.map(({ name, type }) => [name, type]))
  }

  async function readFileOf(name: string, type: string): Promise<ConsoleFile> {
    const [content, packed] = await Promise.all([read(name), read(`${name}.br`)])
    return { type, content, packed }
  }

  return {
    async readPage() {
      page ??= read('index.html')
      return page.catch(unlessThere(() => (page = undefined)))
    },
    async readAsset(name) {
      types ??= readTypes()
      const listed = await types.catch(unlessThere(() => (types = undefined)))
      const type = listed?.get(name)
      if (type === undefined) return undefined
      const known = assets.get(name)
      if (known !== undefined) return known
      const file = readFileOf(name, type)
      assets.set(name, file)
      return file.catch(unlessThere(() => assets.delete(name)))
    },
  }
}

/** What is not there now may be, once it has been built. */
function unlessThere(forget: () => void): (error: unknown) => undefined {
  return (error) => {
    forget()
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
