const NO_BASE64_DIGIT = /[^A-Za-z0-9+/]/

/** Without line breaks, in the standard alphabet and padded; undefined when it is no base64. Never decoded whole. */
export function toStandardBase64(text: string): string | undefined {
  return pad(text) ?? pad(text.replaceAll(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/'))
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
