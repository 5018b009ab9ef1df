/** Reads a curl command of the documents, so that it can be tried without curl. */

export interface CurlExample {
  url: string
  init: RequestInit
}

const WORD = /'([^']*)'|"([^"]*)"|(\S+)/g

/** Knows the options that the documents use; throws a TypeError at any other. */
export function readCurlExample(command: string): CurlExample {
  const [program, ...words] = wordsOf(command)
  if (program !== 'curl') throw new TypeError(`Not a curl command: ${command}`)
  const headers = new Headers()
  let url = ''
  let body: string | undefined
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-H') headers.append(...headerOf(words.shift()))
    else if (word === '-d') body = words.shift() ?? ''
    else if (word.startsWith('http')) url = word
    else if (word !== '-N' && word !== '-s') throw new TypeError(`An unknown option of curl: ${word}`)
  }
  return { url, init: { headers, ...(body !== undefined && { method: 'POST', body }) } }
}

function wordsOf(command: string): string[] {
  const joined = command.replaceAll('\\\n', ' ')
  return [...joined.matchAll(WORD)].map(([, single, double, bare]) => single ?? double ?? bare ?? '')
}

function headerOf(text = ''): [name: string, value: string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1).trim()]
}
