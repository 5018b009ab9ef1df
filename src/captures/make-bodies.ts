/** From the copies of what was said to what is kept of it: bounded, without secrets and media. Pure; takes a few milliseconds. */
import { REDACTED, redactSecrets } from '../access/redact-secrets.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { boundJson } from './bound-json.ts'
import { COPIED_BYTES, MOST_OF_BODY, nothingHidden, type CapturedBody, type Hidden } from './captured-body.ts'
import { closeJson } from './close-json.ts'
import { redactStream } from './redact-stream.ts'
import { surroundingsOf } from './secret-members.ts'
import { standInFor, takeOutMedia } from './stand-in.ts'

/** A body in memory, no longer than what is looked through for secrets. */
export type BodyCopy =
  | { form: 'json'; value: unknown; bytes: number; isCut: boolean; hidden: Hidden }
  | TextCopy

/** `json-text`: JSON that nobody has read yet. */
interface TextCopy {
  form: 'stream' | 'text' | 'json-text'
  text: string
  bytes: number
  isCut: boolean
}

/** Of what was read as JSON already. What is a picture is left out at once: it would fill the copy. */
export function copyJson(body: unknown, bytes: number): BodyCopy {
  const hidden = nothingHidden()
  const { value, isCut } = boundJson(body, {
    mostBytes: COPIED_BYTES,
    standIn: (found, place) => standInFor(found, place, hidden),
    surround: surroundingsOf,
    clean: (text) => takeOutMedia(text, hidden),
  })
  return { form: 'json', value, bytes, isCut, hidden }
}

export function makeBody(copy: BodyCopy): CapturedBody {
  switch (copy.form) {
    case 'json':
      return writeJson(copy, copy.hidden)
    case 'json-text': {
      const value = closeJson(copy.text)
      if (value === undefined) return writeText(copy, 'text')
      return writeJson({ ...copy, value }, nothingHidden())
    }
    case 'stream':
    case 'text':
      return writeText(copy, copy.form)
    default:
      return unreachable(copy)
  }
}

function writeJson(
  { value, bytes, isCut }: { value: unknown; bytes: number; isCut: boolean },
  earlier: Hidden,
): CapturedBody {
  const hidden = { ...earlier }
  const bounded = boundJson(value, {
    mostBytes: MOST_OF_BODY,
    standIn: (found, place) => (found === REDACTED ? undefined : standInFor(found, place, hidden)),
    surround: surroundingsOf,
    clean: (text) => redactCounting(takeOutMedia(text, hidden), hidden),
  })
  const text = JSON.stringify(bounded.value)
  return { form: 'json', text, bytes, isCut: isCut || bounded.isCut, hidden }
}

function redactCounting(text: string, hidden: Hidden): string {
  const clean = redactSecrets(text)
  hidden.secrets += countRedacted(clean) - countRedacted(text)
  return clean
}

function writeText({ text: copied, bytes, isCut }: TextCopy, form: 'stream' | 'text'): CapturedBody {
  const hidden = nothingHidden()
  // The last event of a stream that was cut is no whole one.
  const text = isCut && form === 'stream' ? wholeEvents(copied) : copied
  const withoutMedia = takeOutMedia(text, hidden)
  const clean = form === 'stream' ? redactStream(withoutMedia, hidden) : redactSecrets(withoutMedia)
  hidden.secrets = Math.max(0, countRedacted(clean) - countRedacted(text) - hidden.fields)
  const fitting = cutText(clean)
  const hasRoom = fitting.length === clean.length
  const kept = hasRoom || form === 'text' ? fitting : wholeEvents(fitting)
  return { form, text: kept, bytes, isCut: isCut || !hasRoom, hidden }
}

const EVENT_END = '\n\n'

function wholeEvents(stream: string): string {
  const last = stream.lastIndexOf(EVENT_END)
  return last === -1 ? '' : stream.slice(0, last + EVENT_END.length)
}

/** To so many bytes of UTF-8, never half a character. */
function cutText(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= MOST_OF_BODY) return text
  let end = MOST_OF_BODY
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return bytes.toString('utf8', 0, end)
}

function countRedacted(text: string): number {
  return text.split(REDACTED).length - 1
}
