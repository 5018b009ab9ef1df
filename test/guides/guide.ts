/** The guides of docs/guides, read as a program would: facts, sections, and the snippets with their names. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { headingsOf, tablesOf } from '../markdown.ts'

export const guidesFolder = join(import.meta.dirname, '../../docs/guides')
export const chineseFolder = join(guidesFolder, 'zh-CN')

/** Pages beside those of the clients, of another form. */
export const otherPages = ['moving-from-q2api']

export interface Guide {
  /** Of the file, without its ending. */
  name: string
  text: string
  /** What stands as code in the column "Base URL" of its first table. */
  baseUrl: string
  headings: readonly { depth: number; text: string }[]
  snippets: readonly Snippet[]
}

export interface Snippet {
  guide: string
  /** The heading of depth two that it stands under. */
  section: string
  language: string
  /** A file's path, or what else it is called. */
  title: string
  text: string
}

const FENCE = /^```.*$/gm
const BLOCK = /^```(\w+) title="([^"\n]+)"\n([\s\S]*?)^```$/gm

export function readGuides(folder = guidesFolder): Guide[] {
  return globSync('*.md', { cwd: folder })
    .filter((file) => file !== 'README.md' && !otherPages.includes(basename(file, '.md')))
    .toSorted()
    .map((file) => readGuide(basename(file, '.md'), readFileSync(join(folder, file), 'utf8')))
}

function readGuide(name: string, text: string): Guide {
  const [facts = []] = tablesOf(text)
  const [, baseUrl = ''] = /`([^`]+)`/.exec(facts[0]?.[1] ?? '') ?? []
  const prose = text.replaceAll(BLOCK, '')
  return { name, text, baseUrl, headings: headingsOf(prose), snippets: snippetsOf(name, text) }
}

function snippetsOf(guide: string, text: string): Snippet[] {
  const snippets = text.split(/^## /m).flatMap((part) => {
    const [section = ''] = part.split('\n', 1)
    return [...part.matchAll(BLOCK)].map(([, language = '', title = '', body = '']) => {
      return { guide, section, language, title, text: body }
    })
  })
  const fences = [...text.matchAll(FENCE)].length
  if (fences !== snippets.length * 2) throw new Error(`${guide}.md has a snippet without a name`)
  return snippets
}
