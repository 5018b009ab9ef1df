/** Which members of a JSON value hold a secret by their name, and what is kept of those that only describe one. Pure. */
import type { JsonHolder, JsonPlace, Surroundings } from './bound-json.ts'

const EACH_SECRET_WORD = [
  'authorization',
  'token',
  'secret',
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'apikey',
  'accesskey',
  'accountkey',
  'privatekey',
  'secretkey',
  'masterkey',
  'signingkey',
  'encryptionkey',
  'credential',
  'cookie',
]
/** One or more; tokens are what models count and speak in. */
const SECRET_WORDS = EACH_SECRET_WORD.flatMap((word) => (word === 'token' ? [word] : [word, `${word}s`]))
/** What the names of secrets end in, like `GITHUB_TOKEN` and `dbPassword`: in lower case, without what words are joined with. */
const SECRET_ENDINGS = [...SECRET_WORDS, 'accesstokens', 'apitokens', 'authtokens', 'refreshtokens']
/** Of the name: however long it is, its end says what it is. */
const LOOKED_AT = 60

/** What the members of an object are in, and what is listed in a list. */
export function surroundingsOf(
  found: JsonHolder | readonly unknown[],
  { name, surroundings, isListed }: JsonPlace,
): Surroundings {
  if (surroundings === 'secret') return 'secret'
  if (surroundings === 'schema') {
    return name !== undefined && VALUES_OF_SCHEMAS.has(name) ? 'secret' : 'schema'
  }
  if (name === undefined || !(isSecretName(name) || plainOf(name) === 'headers')) return 'plain'
  // What is in a list of secrets may be a schema yet; a list in it is none.
  if (isList(found)) return isListed || plainOf(name) === 'headers' ? 'secret' : 'plain'
  return isSchema(found) ? 'schema' : 'secret'
}

/** Headers that a client wants sent elsewhere are secrets whatever their names, and so is what a secret is made of. */
export function isSecretMember(value: string | number, { name, surroundings }: JsonPlace): boolean {
  if (surroundings === 'secret') return true
  if (surroundings === 'schema') return name === undefined || !WORDS_OF_SCHEMAS.has(name)
  // Numbers of other names are counts.
  return name !== undefined && (typeof value === 'string' ? isSecretName(name) : isSecretWord(name))
}

function isSecretName(name: string): boolean {
  const plain = plainOf(name)
  return SECRET_ENDINGS.some((word) => plain.endsWith(word))
}

function isSecretWord(name: string): boolean {
  return SECRET_WORDS.includes(plainOf(name))
}

function plainOf(name: string): string {
  return name
    .slice(-LOOKED_AT)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
}

function isList(found: JsonHolder | readonly unknown[]): found is readonly unknown[] {
  return Array.isArray(found)
}

const SCHEMA_TYPES = new Set<unknown>(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'])
const SCHEMA_MARKS = ['$ref', 'anyOf', 'oneOf', 'allOf', 'enum', 'const', 'properties']
/** Here a schema says what the value is, or may be. */
const VALUES_OF_SCHEMAS = new Set(['default', 'const', 'enum', 'example', 'examples'])
/** What it says about the value; nothing else is kept. */
const WORDS_OF_SCHEMAS = new Set([
  '$id',
  '$ref',
  '$schema',
  'contentEncoding',
  'description',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'maximum',
  'maxItems',
  'maxLength',
  'maxProperties',
  'minimum',
  'minItems',
  'minLength',
  'minProperties',
  'pattern',
  'required',
  'title',
  'type',
])

/** A tool may well take headers, or a password. */
function isSchema(holder: JsonHolder): boolean {
  const { type } = holder
  const types: unknown[] = Array.isArray(type) ? type : [type]
  const isTyped = types.length > 0 && types.every((each) => SCHEMA_TYPES.has(each))
  return isTyped || SCHEMA_MARKS.some((word) => Object.hasOwn(holder, word))
}
