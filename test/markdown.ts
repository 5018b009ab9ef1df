/** What the tests of the documents need of Markdown; not a parser for any other. */

export interface CodeBlock {
  language: string
  text: string
}

const CODE_BLOCK = /^```(\w+)\n([\s\S]*?)^```$/gm

export function codeBlocksOf(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(CODE_BLOCK)].map(([, language = '', text = '']) => ({ language, text }))
}

/** Depth and text of each heading. */
export function headingsOf(markdown: string): { depth: number; text: string }[] {
  const prose = markdown.replaceAll(CODE_BLOCK, '')
  return [...prose.matchAll(/^(#+) (.+)$/gm)].map(([, marks = '', text = '']) => ({
    depth: marks.length,
    text,
  }))
}

/** The cells of each table's rows, without its head. */
export function tablesOf(markdown: string): string[][][] {
  const tables = markdown.match(/(?:^\|.*\n)+/gm) ?? []
  return tables.map((table) => table.trim().split('\n').slice(2).map(cellsOf))
}

function cellsOf(row: string): string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

/** The targets of its links, in order. */
export function linksOf(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)]+)\)/g)].flatMap(([, target]) => target ?? [])
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}
