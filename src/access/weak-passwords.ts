import { StartError } from '../start-error.ts'

const SHORTEST = 8
/** Of what stands between digits, where the whole is not long. */
const SHORTEST_CORE = 4
const LONG = 16

/** What people leave in place, and what is tried first by everybody who looks for an open door. */
const KNOWN = [
  'admin password secret changeme letmein welcome qwerty root test default guest master login user demo example',
  'administrator passw0rd p@ssw0rd p@ssword iloveyou monkey dragon sunshine princess football baseball superman',
  'qwertyuiop qwerty123 asdfghjkl zxcvbnm 1q2w3e4r 1qaz2wsx qazwsx abc abc123 abcd1234 a1b2c3d4 aa123456 q1w2e3r4',
  'changeit changethis changemenow replaceme fixme yourpassword mypassword adminpassword secretpassword',
  'randomstring placeholder password1234 passwordpassword adminadmin rootroot testtest letmeinnow',
  'strongpassword supersecret topsecret secretkey yoursecret yoursecretkey setme todo none null undefined',
  'changethisnow examplepassword passphrase pass target zag12wsx qwertyui qwer asdf 1qaz!qaz qazwsxedc abcd abcdefg abcdefgh',
  'jordan michael shadow ashley tinkle testing access temp skadmin apikey',
  'aqueduct amazonq amazonqadmin q2api kiro claude openai chatgpt gateway iamadmin woaini woaini1314 5201314',
].join(' ')

const known = new Set(KNOWN.split(' '))

/** Throws a StartError when the password of ADMIN_PASSWORD is one that anybody would guess. */
export function refuseWeakPassword(password: string): void {
  const problem = findWeakness(password.trim())
  if (problem === undefined) return
  throw new StartError(
    `ADMIN_PASSWORD ${problem}: choose one of at least 12 characters, or ENABLE_CONSOLE=false.`,
  )
}

/**
 * What is wrong with a password, to follow its name; undefined: nothing that is known. Case, separators, and digits or
 * exclamation marks at the end do not make a known password a good one.
 */
export function findWeakness(password: string): string | undefined {
  if (password.length < SHORTEST) return `is shorter than ${SHORTEST} characters`
  const lower = password.toLowerCase()
  const bare = lower.replace(/[\s_.-]/g, '')
  const core = bare.replaceAll(/^\d+|[\d!@#$%]+$/g, '')
  const candidates = [lower, bare, bare.replace(/[\d!@#$%]+$/, ''), core]
  if (candidates.some((candidate) => known.has(candidate))) return 'is a well-known password'
  if (core.length < SHORTEST_CORE && password.length < LONG) return 'is little more than digits'
  if (new Set(lower).size < 4) return 'repeats a few characters'
  if ('01234567890123456789'.includes(bare) || '98765432109876543210'.includes(bare)) {
    return 'is a row of digits'
  }
  return undefined
}
