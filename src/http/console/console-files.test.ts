import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createConsoleFiles, type ConsoleFiles } from './console-files.ts'

let folder: string
let files: ConsoleFiles
const write = (name: string, content: string) => writeFileSync(join(folder, name), content)
const list = (...names: string[]) =>
  write('files.json', JSON.stringify(names.map((name) => ({ name, type: 'text/css', bytes: 1 }))))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aqueduct-console-'))
  files = createConsoleFiles(new URL(`${pathToFileURL(folder).href}/`))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the files of the console', () => {
  it('are those of the list, each with its packed form', async () => {
    list('a-1.css')
    write('a-1.css', 'plain')
    write('a-1.css.br', 'packed')
    const file = await files.readAsset('a-1.css')
    expect({ ...file, content: String(file?.content), packed: String(file?.packed) }).toEqual({
      type: 'text/css',
      content: 'plain',
      packed: 'packed',
    })
  })

  it.each(['b.css', 'files.json', 'index.html', 'a-1.css.br', '../files.json', '', '.', '__proto__'])(
    'are no others, such as %j',
    async (name) => {
      list('a-1.css')
      write('b.css', 'not listed')
      expect(await files.readAsset(name)).toBeUndefined()
    },
  )

  it('cannot be led out of their folder by the list itself', async () => {
    list('../outside')
    writeFileSync(`${folder}-outside`, 'outside')
    try {
      await expect(files.readAsset('../outside')).rejects.toThrow(/encoded/)
    } finally {
      rmSync(`${folder}-outside`)
    }
  })

  it('may be built while the gateway runs', async () => {
    expect(await files.readPage()).toBeUndefined()
    expect(await files.readAsset('a-1.css')).toBeUndefined()
    list('a-1.css')
    expect(await files.readAsset('a-1.css')).toBeUndefined()
    write('a-1.css', 'plain')
    write('a-1.css.br', 'packed')
    write('index.html', '<!doctype html>')
    expect(String(await files.readPage())).toBe('<!doctype html>')
    expect(String((await files.readAsset('a-1.css'))?.content)).toBe('plain')
  })

  it('are read once', async () => {
    list('a-1.css')
    write('a-1.css', 'plain')
    write('a-1.css.br', 'packed')
    const first = await files.readAsset('a-1.css')
    rmSync(join(folder, 'a-1.css'))
    expect(await files.readAsset('a-1.css')).toEqual(first)
  })

  it('say when their list is damaged', async () => {
    write('files.json', '[{"name":1}]')
    await expect(files.readAsset('a-1.css')).rejects.toThrow(/expected string/)
  })
})
