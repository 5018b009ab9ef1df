/** Text within a paragraph: a small part of Markdown, in one pass, whatever the text. Pure. */

import { createLookAhead } from './look-ahead.ts'

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'emphasis'; children: readonly Inline[] }
  | { kind: 'link'; href: string; children: readonly Inline[] }

type Mark = '**' | '__' | '*' | '_' | '['
interface Open {
  mark: Mark | undefined
  children: Inline[]
}

const SPECIAL = /[\\`*_[\]!h\n]/g
const WORD = /[\p{L}\p{N}]/u

export function parseInline(text: string): Inline[] {
  const search = createLookAhead(text)
  const root: Open = { mark: undefined, children: [] }
  const open: Open[] = [root]
  const top = () => open.at(-1) ?? root
  let plain = ''

  function endPlain(): void {
    if (plain !== '') top().children.push({ kind: 'text', text: plain })
    plain = ''
  }
  function add(inline: Inline): void {
    endPlain()
    top().children.push(inline)
  }
  /** What was opened and never closed is text. Marks are never open twice, so this moves anything a few times at most. */
  function giveUp(): void {
    endPlain()
    const closed = open.pop()
    if (closed?.mark === undefined) return
    const { children } = top()
    children.push({ kind: 'text', text: closed.mark })
    for (const child of closed.children) children.push(child)
  }
  const isOpen = (mark: Mark) => open.some((each) => each.mark === mark)
  function close(mark: Mark, make: (children: Inline[]) => Inline): void {
    while (top().mark !== mark) giveUp()
    endPlain()
    const children = open.pop()?.children ?? []
    add(make(children))
  }
  function begin(mark: Mark): void {
    endPlain()
    open.push({ mark, children: [] })
  }
  function takeStars(at: number): number {
    const character = text[at] === '*' ? '*' : '_'
    const mark = text[at + 1] === character ? (character === '*' ? '**' : '__') : character
    const next = at + mark.length
    const isBehindWord = character === '_' && WORD.test(text[at - 1] ?? '')
    const isBeforeWord = character === '_' && WORD.test(text[next] ?? '')
    const mayClose = isOpen(mark) && !isBlank(text[at - 1]) && !isBeforeWord
    if (mayClose) close(mark, (children) => ({ kind: mark.length > 1 ? 'strong' : 'emphasis', children }))
    else if (!isOpen(mark) && !isBlank(text[next]) && !isBehindWord) begin(mark)
    else plain += mark
    return next
  }
  /** Behind what it has taken. */
  function takeBracket(at: number): number {
    const target = text[at + 1] === '(' && isOpen('[') ? search.target(at + 2) : undefined
    if (target !== undefined) {
      const { href, end } = target
      close('[', (children) => ({ kind: 'link', href, children }))
      return end
    }
    while (isOpen('[')) giveUp()
    plain += ']'
    return at + 1
  }

  function take(at: number): number {
    const character = text[at]
    if (character === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? '')) {
      plain += text[at + 1] ?? ''
      return at + 2
    }
    if (character === '`') {
      const code = search.code(at)
      if (code.text !== undefined) add({ kind: 'code', text: code.text })
      else plain += text.slice(at, code.end)
      return code.end
    }
    if (character === '*' || character === '_') return takeStars(at)
    if (character === '[' && !isOpen('[')) {
      begin('[')
      return at + 1
    }
    if (character === ']') return takeBracket(at)
    // A picture from elsewhere is shown as what it is: a link.
    if (character === '!' && text[at + 1] === '[') return at + 1
    const bare = character === 'h' && !isOpen('[') ? search.bareAddress(at) : undefined
    if (bare !== undefined) {
      add({ kind: 'link', href: bare.href, children: [{ kind: 'text', text: bare.text }] })
      return bare.end
    }
    plain += character ?? ''
    return at + 1
  }

  let at = 0
  while (at < text.length) {
    SPECIAL.lastIndex = at
    const next = SPECIAL.exec(text)?.index ?? text.length
    plain += text.slice(at, next)
    at = next < text.length ? take(next) : next
  }
  while (open.length > 1) giveUp()
  endPlain()
  return root.children
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character)
}
