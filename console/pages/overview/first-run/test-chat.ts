/** The request by which a newcomer sees that it works. Pure. */

/** Every plan has this model. */
export const testRequest = {
  model: 'claude-sonnet-4.5',
  messages: [{ role: 'user', content: 'Say hello in one short sentence.' }],
}

const MOST_CHARACTERS = 160

/** The first words of an answer of Chat Completions; empty where there are none. */
export function readAnswer(answer: unknown): string {
  const choices = memberOf(answer, 'choices')
  const [first]: unknown[] = Array.isArray(choices) ? choices : []
  const content = memberOf(memberOf(first, 'message'), 'content')
  const words = typeof content === 'string' ? content.trim() : ''
  const characters = Array.from(words)
  return characters.length <= MOST_CHARACTERS ? words : `${characters.slice(0, MOST_CHARACTERS).join('')}…`
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
