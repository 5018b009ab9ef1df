/** A user code in groups of four, as people read it out: ABCD-EFGH. */
export function groupCode(code: string): string {
  const plain = code.replace(/[\s-]/g, '')
  return plain.length % 4 === 0 ? (plain.match(/.{4}/gu)?.join('-') ?? code) : code
}
