const NO_BASE64_DIGIT = /[^A-Za-z0-9+/]/
const NO_BASE64 = '?'

const TAB = 0x09
const CARRIAGE_RETURN = 0x0d
const BLANK = 0x20
const PLUS = 0x2b
const HYPHEN = 0x2d
const SLASH = 0x2f
const UNDERSCORE = 0x5f
const FIRST_BEYOND_ASCII = 0x80

/** Without line breaks, in the standard alphabet and padded; undefined when it is no base64. Never decoded whole. */
export function toStandardBase64(text: string): string | undefined {
  return pad(text) ?? pad(toStandardAlphabet(text))
}

/** Character by character: of megabytes in the other alphabet, replacing takes a second. What is no base64 stays none. */
function toStandardAlphabet(text: string): string {
  const bytes = Buffer.allocUnsafe(text.length)
  let length = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (isBlank(code)) continue
    if (code >= FIRST_BEYOND_ASCII) return NO_BASE64
    bytes[length] = code === HYPHEN ? PLUS : code === UNDERSCORE ? SLASH : code
    length += 1
  }
  return bytes.toString('latin1', 0, length)
}

/** As `\s` has it. */
function isBlank(code: number): boolean {
  if (code <= BLANK) return code === BLANK || (code >= TAB && code <= CARRIAGE_RETURN)
  return code >= FIRST_BEYOND_ASCII && /\s/.test(String.fromCharCode(code))
}

function pad(text: string): string | undefined {
  const end = text.search(NO_BASE64_DIGIT)
  const digitCount = end === -1 ? text.length : end
  if (digitCount % 4 === 1 || !/^={0,2}$/.test(text.slice(digitCount, digitCount + 3))) return undefined
  const paddedLength = Math.ceil(digitCount / 4) * 4
  return text.length === paddedLength ? text : text.slice(0, digitCount).padEnd(paddedLength, '=')
}

/** The bytes of a percent-encoded text, as base64; what is no `%` with two hexadecimal digits stands for itself. */
export function percentToBase64(text: string): string {
  const bytes = Buffer.from(text)
    .toString('latin1')
    .replaceAll(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
  return Buffer.from(bytes, 'latin1').toString('base64')
}
