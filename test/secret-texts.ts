/** Texts with secrets in them, generated: for what has to take them out again. */
import fc from 'fast-check'

const letters = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength, maxLength })
const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const base64url = letters(`${ALPHANUMERIC}-_`, 16, 80)
const base64 = letters(`${ALPHANUMERIC}+/`, 16, 80)

interface Secret {
  /** As it stands in the text. */
  text: string
  /** What nobody may read. */
  secret: string
}

const bare = (secrets: fc.Arbitrary<string>) => secrets.map((secret): Secret => ({ text: secret, secret }))
const within = (secrets: fc.Arbitrary<string>, wrap: (secret: string) => string) =>
  secrets.map((secret): Secret => ({ text: wrap(secret), secret }))
const spellings = (word: string) => fc.constantFrom(word, word.toLowerCase(), word.toUpperCase())
const scheme = (name: string) =>
  fc.tuple(spellings(name), base64).map(([word, secret]): Secret => ({ text: `${word} ${secret}`, secret }))

const secrets = fc.oneof(
  bare(fc.tuple(fc.constantFrom('aorA', 'aoaA', 'aorx'), base64, base64).map((all) => all.join(':'))),
  bare(fc.tuple(base64url, base64url, base64url).map(([a, b, c]) => `eyJ${a}.eyJ${b}.${c}`)),
  bare(
    fc
      .tuple(fc.constantFrom('sk-', 'sk-ant-api03-', 'qk_', 'qt_', 'aq_', 'ksk_'), base64url)
      .map((all) => all.join('')),
  ),
  bare(
    fc
      .tuple(fc.constantFrom('AKIA', 'ASIA'), letters('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16, 16))
      .map((all) => all.join('')),
  ),
  within(
    fc.array(base64, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n')),
    (body) => {
      return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`
    },
  ),
  scheme('Bearer'),
  scheme('Basic'),
  within(
    letters(`${ALPHANUMERIC}@:!$*`, 4, 30).map((word) => `${word}x7Q9`),
    (word) => `http://me:${word}@proxy:3128`,
  ),
)

/** None of these makes a longer word of what it stands beside. */
const around = fc.constantFrom(
  ' ',
  '"',
  "'",
  '(',
  '\n',
  ': ',
  '=',
  ' … ',
  '\\"',
  '{"x":"',
  ' 密钥 ',
  '[',
  ', ',
  '>',
)

/** In how many of so many texts `redact` leaves the secret readable, whole or in a half. */
export function countLeaks(
  redact: (text: string) => string,
  { runs, seed = 7 }: { runs: number; seed?: number },
): number {
  const texts = fc.sample(fc.tuple(around, secrets, around, fc.lorem({ maxCount: 5 })), {
    numRuns: runs,
    seed,
  })
  return texts.filter(([before, { text, secret }, after, words]) => {
    const left = redact(`${words}${before}${text}${after}${words}`)
    return partsOf(secret).some((part) => left.includes(part))
  }).length
}

/** Either half is a leak, too. */
function partsOf(secret: string): string[] {
  const middle = secret.length >> 1
  return [secret.slice(0, middle), secret.slice(middle)].filter((part) => part.length >= 4)
}
