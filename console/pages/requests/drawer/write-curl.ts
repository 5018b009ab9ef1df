/** A request as a command. What was asked is not known, so a question stands in its place. Pure. */
import type { CallDetail } from '../../../api/types.ts'

const QUESTION = 'Say hello.'

/** `origin`: of this gateway. The key stands in `$AQUEDUCT_KEY`, as no page has it. */
export function writeCurl(
  { dialect, model, stream }: Pick<CallDetail, 'dialect' | 'model' | 'stream'>,
  origin: string,
): string {
  const { path, header, body } = formOf(dialect)
  const data = JSON.stringify({ model, stream, ...body })
  return [
    `curl -N ${quote(`${origin}${path}`)}`,
    `-H 'content-type: application/json'`,
    ...header.map((each) => `-H ${each}`),
    `-d ${quote(data)}`,
  ].join(' \\\n  ')
}

function formOf(dialect: string): { path: string; header: string[]; body: object } {
  const messages = [{ role: 'user', content: QUESTION }]
  if (dialect === 'anthropic-messages') {
    return {
      path: '/v1/messages',
      header: ['"x-api-key: $AQUEDUCT_KEY"', "'anthropic-version: 2023-06-01'"],
      body: { max_tokens: 1024, messages },
    }
  }
  const header = ['"authorization: Bearer $AQUEDUCT_KEY"']
  return dialect === 'openai-chat'
    ? { path: '/v1/chat/completions', header, body: { messages } }
    : { path: '/v1/responses', header, body: { input: QUESTION } }
}

/** For shells of the family of sh: nothing within is read as anything but text. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
