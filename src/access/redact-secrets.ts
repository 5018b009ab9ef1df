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
  // Tokens of services that developers use, by the beginnings that these gave them to be found by.
  /(?<![A-Za-z0-9])(?:gh[opsur]_|github_pat_|glpat-|xox[a-z]-|AIza|ya29\.|[rw]k_live_|whsec_)[\w-]{16,}/g,
  /(?<![A-Za-z0-9])(?:npm|hf)_[A-Za-z0-9]{30,}/g,
  // JSON Web Tokens, whole or cut.
  /eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g,
  /A[KS]IA[A-Z0-9]{12,}/g,
  // Our own sealed values.
  /\baqk?\d:[\w:+/=-]+/g,
  /-----BEGIN[^-]*-----[^-]*(?:-----END[^-]*-----)?/g,
]

/** What a secret is called, in programs and in their settings. */
const NAME = String.raw`(?:token|secret|passw(?:or)?d|[_-]pwd|passphrase|(?:api|access|account|private|secret|master|encryption|signing)[_-]?key)`
/** To where a quoted value begins. */
const NAMED = String.raw`${NAME}(?:\\*["'])?\s*[:=]=?>?\s*`

/** A line, also one within a text of JSON, to where the last word of a name begins. */
const LINE = String.raw`(?:^|[\r\n]|\\n)[ \t]*(?:[#*/-]{1,3}[ \t]*){0,2}[\w.-]*`
/** A comment may stand there yet. */
const LINE_END = String.raw`(?:[ \t]*(?:[\r\n"]|\\[rn"]|$)|[ \t]+#)`
/** What stands in place of a value where one is declared. */
const TYPE = String.raw`(?:string|number|boolean|bool|str|int|bytes|object|any|unknown|never|null|none|nil|undefined|true|false|optional|required)(?=[\s"'\`\\|&=.,;?)\]}<[]|$)`
/** A type that is called like what it is of, in the one case in which types are written. */
const TYPE_NAME = String.raw`(?:Token|Secret|Password|Passphrase|(?:Api|Access|Account|Private|Secret|Master|Encryption|Signing)Key)`
/** An expression: a call among them, and a name with what stands behind one in a program. */
const CODE = String.raw`(?:["'\`({[<>$,;\\]|[\w.]+(?:[(\[<]|[,;)\]}]+${LINE_END}))`

/** What stays is in the brackets. It is matched, not looked back at: that would take the square of a run of blanks. */
const FORMS_AFTER_A_NAME = [
  // By the name before it, to where the quotes end: `"password": "…"`, `API_KEY="…"`, `secret: '…'`.
  new RegExp(`(${NAMED}")(?:[^"\\\\\\r\\n]|\\\\.)+`, 'gi'),
  new RegExp(`(${NAMED}')(?:[^'\\\\\\r\\n]|\\\\.)+`, 'gi'),
  // The same in a text of a text, where the quotes are escaped themselves.
  new RegExp(`(${NAMED}\\\\+["'])[^"'\\r\\n]*[^"'\\r\\n\\\\]`, 'gi'),
  // Without quotes: `client_secret=…`.
  new RegExp(`(${NAME}=)[^\\s"'&,;\\\\][^\\s"'&,;]*`, 'gi'),
  // The same between backticks, but for what is put in there.
  new RegExp(`(${NAMED}\`)(?!${TYPE})[^\`$\\r\\n]+`, 'gi'),
  // On a line of its own, as files of settings have it: `aws_secret_access_key = …`, `password: …`. Types and code are none.
  new RegExp(
    `(${LINE}${inAnyCase(NAME)}[ \\t]*[=:][ \\t]*)(?!${inAnyCase(TYPE)}|${TYPE_NAME}${LINE_END}|${CODE})[^\\s"'\`\\\\]{3,}(?=${LINE_END})`,
    'g',
  ),
  // As an element: `<password>…</password>`.
  new RegExp(`(${NAME}>)[^<>\\s]+(?=</)`, 'gi'),
]
/** What all of these have in them. */
const BY_NAME = new RegExp(String.raw`${NAME}(?:\\*["'])?\s*[:=>]`, 'i')

const FORMS_AFTER_OTHERS = [
  // Name and password in an address, also where the password holds an @.
  /(:\/\/)[^\s/?#"'<>\\]+(?=@)/g,
  // In the query of an address.
  /([?&](?:key|sig|x-amz-signature)=)[^\s"'&,;]+/gi,
  // As an option of a command: `--password …`, `-u name:…`.
  new RegExp(`((?<![\\w-])--[\\w-]*${NAME}[ \\t]+)(?:"[^"\\r\\n]*"|'[^'\\r\\n]*'|[^\\s"'-][^\\s"']*)`, 'gi'),
  /(\s(?:-u|--user)[ \t=]["']?[^\s:"']{1,100}:)[^\s"']+/g,
  // In a file of logins: `machine … login … password …`.
  /(\b(?:machine\s+\S+|default)\s+login\s+\S+\s+password\s+)\S+/gi,
  // What a password was made into, behind the scheme that tells so.
  /(\bresponse=\\*["'])[\da-f]{16,}/gi,
  // By the header that it is the value of, behind a scheme perhaps; cookies come several at once.
  /((?:api|auth|access|private|security)-(?:key|token)(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?)[^\s"',;\\]+/gi,
  /(authorization(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?)(?:[a-z][\w-]{0,30}[^\S\r\n]+)?[^\s"',;\\]+/gi,
  /(cookie(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?)[^\s"',;\\]+(?:;[^\S\r\n]*[^\s"',;\\]+)*/gi,
]

/** For the test that none of them takes long, as they are made at run time. */
export const secretForms: readonly RegExp[] = [
  ...FORMS,
  ...FORMS_AFTER_OTHERS,
  ...FORMS_AFTER_A_NAME,
  BY_NAME,
]

/** All forms at once: nearly no text holds a secret, and one look costs less than ten. */
const ANY = new RegExp([...FORMS, ...FORMS_AFTER_OTHERS, BY_NAME].map(({ source }) => source).join('|'), 'i')

function inAnyCase(form: string): string {
  return form.replaceAll(/(?<!\\)[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}

export function redactSecrets(text: string): string {
  if (!ANY.test(text)) return text
  const whole = FORMS.reduce((soFar, form) => soFar.replace(form, REDACTED), text)
  const after = [...FORMS_AFTER_OTHERS, ...FORMS_AFTER_A_NAME]
  return after.reduce((soFar, form) => soFar.replace(form, `$1${REDACTED}`), whole)
}
