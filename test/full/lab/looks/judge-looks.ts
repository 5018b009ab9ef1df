/** Compares each look that a program takes with the one in the book, or writes a new book. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareLooks, describeDifference, type Difference } from './compare-looks.ts'
import { readLookBook, writeLookBook, type LookBook } from './look-book.ts'
import type { TakenLook } from './take-look.ts'

interface Wishes {
  /** Where the book is. */
  book: URL
  /** For pictures of all looks; empty: only of those that differ, in a folder of the system's. */
  folder: string
  isToBeWritten: boolean
}

export interface LookJudge {
  /** Answers what is wrong with it: nothing where nothing can be compared. */
  judge(name: string, look: TakenLook): string[]
  /** Writes the book, if that was wished. Answers what is wrong with all of them together, and what has been done. */
  end(isWhole: boolean): { faults: string[]; told: string }
}

const UNKNOWN: Difference = { told: 'there is none of that name in the book of looks', blocks: [] }

export function createLookJudge({ book, folder, isToBeWritten }: Wishes): LookJudge {
  const old = existsSync(book) ? readLookBook(readFileSync(book, 'utf8')) : undefined
  const keeper = createKeeper(folder)
  const taken: LookBook = { drawnBy: '', looks: new Map() }
  let changed = 0

  function compare(name: string, look: TakenLook, { looks }: LookBook): string[] {
    const was = looks.get(name)
    const difference = was === undefined ? UNKNOWN : compareLooks(was, look)
    if (difference === undefined) return []
    changed += 1
    const picture = keeper.keep(name, look.png)
    keeper.note(name, describeDifference(difference, look.signature))
    return [`looks otherwise: ${difference.told} (${picture})`]
  }

  return {
    judge(name, look) {
      taken.drawnBy = look.drawnBy
      taken.looks.set(name, look)
      if (folder !== '') keeper.keep(name, look.png)
      return isToBeWritten || old?.drawnBy !== look.drawnBy ? [] : compare(name, look, old)
    },
    end(isWhole) {
      if (isToBeWritten) return writeBook(book, taken, isWhole ? undefined : old)
      if (old?.drawnBy !== taken.drawnBy) return { faults: [], told: tellUncompared(taken, old) }
      const gone = isWhole ? [...old.looks.keys()].filter((name) => !taken.looks.has(name)) : []
      return {
        faults: gone.map((name) => `${name}: is in the book of looks, and nobody has looked at it`),
        told: `${taken.looks.size} looks compared, ${changed} changed`,
      }
    },
  }
}

/** Makes the folder when there is something to keep. */
function createKeeper(folder: string) {
  let made = ''
  function pathOf(name: string, ending: string): string {
    if (made === '') {
      made = folder || mkdtempSync(join(tmpdir(), 'console-looks-'))
      mkdirSync(made, { recursive: true })
    }
    return join(made, `${name.replace(/[^\w.-]+/g, '_')}.${ending}`)
  }
  return {
    keep(name: string, png: Buffer): string {
      const path = pathOf(name, 'png')
      writeFileSync(path, png)
      return path
    },
    note(name: string, text: string): void {
      writeFileSync(pathOf(name, 'txt'), text)
    },
  }
}

/** Where only a part was looked at, the others stay, unless something else has drawn them. */
function writeBook(book: URL, { drawnBy, looks }: LookBook, old: LookBook | undefined) {
  if (old !== undefined && old.drawnBy !== drawnBy) {
    const fault = 'The other looks in the book were drawn by something else: write all of them.'
    return { faults: [fault], told: '0 looks written' }
  }
  writeFileSync(book, writeLookBook({ drawnBy, looks: new Map([...(old?.looks ?? []), ...looks]) }))
  return { faults: [], told: `${looks.size} looks written` }
}

function tellUncompared({ drawnBy, looks }: LookBook, old: LookBook | undefined): string {
  const why =
    old === undefined
      ? 'there is no book of looks'
      : `something else has drawn the book of looks:\n  it:   ${old.drawnBy}\n  here: ${drawnBy}`
  return [
    `0 looks compared, ${looks.size} NOT COMPARED: ${why}`,
    '  Where the console looks as it should: node test/full/console.ts --write',
  ].join('\n')
}
