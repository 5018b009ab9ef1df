/** Reads a curl command of the documents, so that it can be tried without curl. */

export interface CurlExample {
  url: string
  init: RequestInit
}

const WORD = /'([^']*)'|"([^"]*)"|(\S+)/g

/** Knows the options that the documents use; throws a TypeError at any other. `files`: what stands in those that `@` names. */
export function readCurlExample(command: string, files: Readonly<Record<string, string>> = {}): CurlExample {
  const [program, ...words] = wordsOf(command)
  if (program !== 'curl') throw new TypeError(`Not a curl command: ${command}`)
  const headers = new Headers()
  let url = ''
  let method: string | undefined
  let body: string | undefined
  const textOf = (word = '') => (word.startsWith('@') ? (files[word.slice(1)] ?? missing(word)) : word)
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-H') headers.append(...headerOf(textOf(words.shift())))
    else if (word === '-d') body = textOf(words.shift())
    else if (word === '-X') method = words.shift()
    else if (word === '-o') words.shift()
    else if (word.startsWith('http')) url = word
    else if (word !== '-N' && word !== '-s') throw new TypeError(`An unknown option of curl: ${word}`)
  }
  method ??= body === undefined ? 'GET' : 'POST'
  return { url, init: { method, headers, ...(body !== undefined && { body }) } }
}

function missing(word: string): never {
  throw new TypeError(`There is no file ${word}`)
}

function wordsOf(command: string): string[] {
  const joined = command.replaceAll('\\\n', ' ')
  return [...joined.matchAll(WORD)].map(([, single, double, bare]) => single ?? double ?? bare ?? '')
}

function headerOf(text: string): [name: string, value: string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1).trim()]
}
