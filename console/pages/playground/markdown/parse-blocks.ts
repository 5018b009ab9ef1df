/** A small part of Markdown: paragraphs, headings, lists, quotes and code, line by line. Pure. */

export type Block =
  | { kind: 'paragraph' | 'quote'; text: string }
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'list'; items: readonly ListItem[] }
  | { kind: 'rule' }

export interface ListItem {
  /** From 0 on. */
  depth: number
  /** As it is written; undefined: a point. */
  ordinal: string | undefined
  text: string
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]{0,40})[^`]*$/
const HEADING = /^(#{1,6})[ \t]+(\S.*)$/
const ITEM = /^([ \t]{0,12})(?:[-*+]|(\d{1,9})[.)])[ \t]+(.*)$/
const RULE = /^(?:-{3,}|\*{3,}|_{3,})[ \t]*$/
const DEEPEST = 5

export function parseBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let lines: string[] = []
  let items: ListItem[] = []
  let fence: { mark: string; language: string; lines: string[] } | undefined
  let isQuote = false

  function endBlock(): void {
    if (lines.length > 0) blocks.push({ kind: isQuote ? 'quote' : 'paragraph', text: lines.join('\n') })
    if (items.length > 0) blocks.push({ kind: 'list', items })
    lines = []
    items = []
    isQuote = false
  }
  function takeLine(line: string): void {
    const opened = FENCE.exec(line)
    const heading = HEADING.exec(line)
    const item = ITEM.exec(line)
    if (opened !== null) {
      endBlock()
      fence = { mark: opened[1] ?? '```', language: opened[2] ?? '', lines: [] }
    } else if (heading !== null) {
      endBlock()
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' })
    } else if (RULE.test(line)) {
      endBlock()
      blocks.push({ kind: 'rule' })
    } else if (item !== null) {
      const isOfOther = items[0] !== undefined && (items[0].ordinal === undefined) !== (item[2] === undefined)
      if (lines.length > 0 || (isOfOther && item[1] === '')) endBlock()
      const depth = Math.min(DEEPEST, Math.floor((item[1]?.replaceAll('\t', '    ').length ?? 0) / 2))
      items.push({ depth, ordinal: item[2], text: item[3] ?? '' })
    } else if (line.trim() === '') {
      // Points with an empty line between them are one list.
      if (items.length === 0) endBlock()
    } else if (items.length > 0 && /^[ \t]/.test(line)) goOnWithItem(line.trim())
    else takeText(line)
  }
  function goOnWithItem(more: string): void {
    const last = items.pop()
    if (last !== undefined) items.push({ ...last, text: `${last.text}\n${more}` })
  }
  function takeText(line: string): void {
    if (items.length > 0) endBlock()
    const isQuoted = line.startsWith('>')
    if (isQuoted !== isQuote) endBlock()
    isQuote = isQuoted
    lines.push(isQuoted ? line.replace(/^>[ ]?/, '') : line)
  }

  for (const line of text.split(/\r\n|\r|\n/)) {
    if (fence === undefined) takeLine(line)
    else if (closes(line, fence.mark)) {
      blocks.push({ kind: 'code', language: fence.language, text: fence.lines.join('\n') })
      fence = undefined
    } else fence.lines.push(line)
  }
  endBlock()
  // It is still coming.
  if (fence !== undefined)
    blocks.push({ kind: 'code', language: fence.language, text: fence.lines.join('\n') })
  return blocks
}

function closes(line: string, mark: string): boolean {
  const found = line.trim()
  return found.length >= mark.length && found === (mark[0] ?? '`').repeat(found.length)
}
