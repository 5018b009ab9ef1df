/**
 * Takes out of a text whatever looks like a secret. The last net, under the lists of what may be told at all: it knows forms,
 * and a secret without a form passes it.
 */

export const REDACTED = '[redacted]'

const FORMS = [
  // What follows an authentication scheme, whatever it is.
  /\b(?:bearer|basic)[\s:]+\S+/gi,
  // Access and refresh tokens of AWS sign-in.
  /ao[ar][A-Za-z][\w+/=:.-]{12,}/g,
  // API keys of all kinds, ours among them.
  /(?<![A-Za-z0-9])(?:k?sk|qk|qt|aq)[_-][\w-]{6,}/g,
  // JSON Web Tokens, whole or cut.
  /eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g,
  /A[KS]IA[A-Z0-9]{12,}/g,
  // Our own sealed values.
  /\baqk?\d:[\w:+/=-]+/g,
  /-----BEGIN[^-]*-----[^-]*(?:-----END[^-]*-----)?/g,
]

/** What stays is in the brackets. It is matched, not looked back at: that would take the square of a run of blanks. */
const FORMS_AFTER_A_NAME = [
  // Name and password in an address, also where the password holds an @.
  /(:\/\/)[^\s/?#"'<>\\]+(?=@)/g,
  // By the name before it: `client_secret=…`, `"accessToken":"…"`.
  /((?:token|secret|passw(?:or)?d|passphrase|api[_-]?key)(?:=|["']\s*:\s*["']))[^\s"'&,;]+/gi,
  // By the header that it is the value of; cookies come several at once.
  /((?:x-api-key|authorization)["']?\s*[:=]\s*["']?)[^\s"',;]+/gi,
  /(cookie["']?\s*[:=]\s*["']?)[^\s"',;]+(?:;[^\S\r\n]*[^\s"',;]+)*/gi,
]

/** All forms at once: nearly no text holds a secret, and one look costs less than ten. */
const ANY = new RegExp([...FORMS, ...FORMS_AFTER_A_NAME].map(({ source }) => source).join('|'), 'i')

export function redactSecrets(text: string): string {
  if (!ANY.test(text)) return text
  const whole = FORMS.reduce((soFar, form) => soFar.replace(form, REDACTED), text)
  return FORMS_AFTER_A_NAME.reduce((soFar, form) => soFar.replace(form, `$1${REDACTED}`), whole)
}
