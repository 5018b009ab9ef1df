import type { ComponentChildren, JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { unreachable } from '../../../unreachable.ts'
import { messages } from '../messages.ts'
import { parseBlocks, type Block, type ListItem } from './parse-blocks.ts'
import { parseInline, type Inline } from './parse-inline.ts'

/** What is longer goes on as plain text, in pieces that a browser can lay out one by one. */
const MOST_CHARACTERS = 100_000
const PIECE_CHARACTERS = 20_000

/** Text of a model, which may be meant to harm: shown by elements of our own alone. */
export function Markdown({ text }: { text: string }) {
  const rest = text.slice(MOST_CHARACTERS)
  const pieces = Array.from({ length: Math.ceil(rest.length / PIECE_CHARACTERS) }, (_, index) =>
    rest.slice(index * PIECE_CHARACTERS, (index + 1) * PIECE_CHARACTERS),
  )
  return (
    <div class="prose" dir="auto">
      {parseBlocks(text.slice(0, MOST_CHARACTERS)).map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
      {pieces.map((piece, index) => (
        <div key={`rest ${index}`} class="prose-rest">
          {piece}
        </div>
      ))}
    </div>
  )
}

/** While text comes in, only its last block is drawn again. */
function BlockView({ block }: { block: Block }): JSX.Element {
  return useMemo(() => drawBlock(block), [JSON.stringify(block)])
}

function drawBlock(block: Block): JSX.Element {
  switch (block.kind) {
    case 'paragraph':
      return <p>{draw(block.text)}</p>
    case 'quote':
      return (
        <blockquote>
          <p>{draw(block.text)}</p>
        </blockquote>
      )
    case 'heading':
      return <Heading level={block.level}>{draw(block.text)}</Heading>
    case 'rule':
      return <hr />
    case 'code':
      return <Code language={block.language} text={block.text} />
    case 'list':
      return <List items={block.items} />
    default:
      return unreachable(block)
  }
}

/** Below those of the page. */
function Heading({ level, children }: { level: number; children: ComponentChildren }) {
  if (level <= 1) return <h3 class="prose-title">{children}</h3>
  return level === 2 ? <h4>{children}</h4> : <h5>{children}</h5>
}

function Code({ language, text: code }: { language: string; text: string }) {
  const text = speak(messages)
  const name = language === '' ? text('codeBlock') : language
  return (
    <figure class="code-block">
      <figcaption>
        <span>{name}</span>
        <CopyButton text={code} />
      </figcaption>
      <pre tabIndex={0} aria-label={name}>
        <code>{code}</code>
      </pre>
    </figure>
  )
}

function List({ items }: { items: readonly ListItem[] }) {
  const [first] = items
  const groups = groupItems(items)
  const points = groups.map(({ item, below }, index) => (
    <li key={index}>
      {draw(item.text)}
      {below.length > 0 && <List items={below} />}
    </li>
  ))
  return first?.ordinal === undefined ? <ul>{points}</ul> : <ol start={Number(first.ordinal)}>{points}</ol>
}

/** Each point with those that lie deeper. */
function groupItems(items: readonly ListItem[]): { item: ListItem; below: ListItem[] }[] {
  const depth = items[0]?.depth ?? 0
  const groups: { item: ListItem; below: ListItem[] }[] = []
  for (const item of items) {
    const last = groups.at(-1)
    if (item.depth > depth && last !== undefined) last.below.push(item)
    else groups.push({ item, below: [] })
  }
  return groups
}

function draw(text: string): ComponentChildren {
  return parseInline(text).map(drawInline)
}

function drawInline(inline: Inline, index: number): ComponentChildren {
  switch (inline.kind) {
    case 'text':
      return inline.text
    case 'code':
      return <code key={index}>{inline.text}</code>
    case 'strong':
      return <strong key={index}>{inline.children.map(drawInline)}</strong>
    case 'emphasis':
      return <em key={index}>{inline.children.map(drawInline)}</em>
    case 'link':
      return (
        <a
          key={index}
          href={inline.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          title={inline.href}
        >
          {inline.children.map(drawInline)}
        </a>
      )
    default:
      return unreachable(inline)
  }
}
