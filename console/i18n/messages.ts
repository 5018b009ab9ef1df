/** Texts in both languages, beside the page that shows them. The compiler finds what one language lacks. */
import { language } from '../state/settings.ts'

/** Some texts depend on a number, whose slot is `{count}`. */
export type Message = string | { one: string; other: string }
export type Texts = Record<string, Message>

export interface Messages<T extends Texts> {
  en: T
  'zh-CN': { [K in keyof T]: T[K] extends string ? string : { other: string } }
}

type SlotsOf<M> = M extends string
  ? M extends `${string}{${infer Slot}}${infer Rest}`
    ? Slot | SlotsOf<Rest>
    : never
  : M extends { other: infer Other }
    ? 'count' | SlotsOf<Other>
    : never
type Values<M> = [SlotsOf<M>] extends [never] ? [] : [values: Record<SlotsOf<M>, string | number>]

/** Answers one text in the present language. */
export type Speak<T extends Texts> = <K extends keyof T & string>(key: K, ...values: Values<T[K]>) => string

export function defineMessages<const T extends Texts>(
  en: T,
  zh: { [K in keyof T]: T[K] extends string ? string : { other: string } },
): Messages<T> {
  return { en, 'zh-CN': zh }
}

/** To be called while a component renders: it then follows the language. */
export function speak<T extends Texts>(messages: Messages<T>): Speak<T> {
  const spoken = language.value
  const texts: Record<string, Message | { other: string }> = messages[spoken]
  return (key, ...[values]) => fill(texts[key] ?? key, values, spoken)
}

function fill(
  message: Message | { other: string },
  values: Record<string, string | number> | undefined,
  spoken: string,
): string {
  if (values === undefined) return typeof message === 'string' ? message : message.other
  const text = typeof message === 'string' ? message : formOf(message, Number(values['count']), spoken)
  return text.replace(/\{(\w+)\}/g, (slot, name: string) => {
    const value = values[name]
    return typeof value === 'number' ? writeNumber(value, spoken) : (value ?? slot)
  })
}

function writeNumber(value: number, spoken: string): string {
  return isSmallWhole(value) ? String(value) : value.toLocaleString(spoken)
}

/**
 * What browsers know of languages takes a phone a tenth of a second to load, with the first number or time that is
 * written. It is there in time when it is asked for while nothing but answers is waited for.
 */
export function loadFormats(): void {
  setTimeout(() => (0).toLocaleString(language.value))
}

/** All languages here write those alike, without what has to be loaded for the others. */
export function isSmallWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 1000
}

function formOf(message: { one?: string; other: string }, count: number, spoken: string): string {
  if (message.one === undefined) return message.other
  return new Intl.PluralRules(spoken).select(count) === 'one' ? message.one : message.other
}
