import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createEnvelopes, isEnvelope } from './export-envelope.ts'

const envelopes = createEnvelopes(randomBytes)
const passphrase = 'correct horse battery'

it('S29: an envelope opens with its passphrase and no other, and shows nothing', async () => {
  const envelope = await envelopes.seal('canary', passphrase)
  expect(isEnvelope(envelope)).toBe(true)
  expect(envelope.kdf).toMatchObject({ name: 'scrypt', n: 131_072, r: 8, p: 1 })
  expect(JSON.stringify(envelope)).not.toContain('canary')
  expect(await envelopes.open(envelope, passphrase)).toBe('canary')
  await expect(envelopes.open(envelope, `${passphrase}.`)).rejects.toThrow(/passphrase is wrong/)
})

it('S29: an envelope in which anything was changed does not open', async () => {
  const envelope = await envelopes.seal('canary', passphrase)
  const changed = [
    { ...envelope, nonce: flip(envelope.nonce) },
    { ...envelope, ciphertext: flip(envelope.ciphertext) },
    { ...envelope, kdf: { ...envelope.kdf, salt: flip(envelope.kdf.salt) } },
  ]
  for (const each of changed) await expect(envelopes.open(each, passphrase)).rejects.toThrow(/damaged/)
})

it.each([
  ['another version', { version: 2 }],
  ['a cost that would keep us busy', { kdf: { name: 'scrypt', n: 2 ** 30, r: 8, p: 1, salt: 'AAAA' } }],
  ['no ciphertext', { ciphertext: undefined }],
])('refuses %s', async (_, change) => {
  const envelope = await envelopes.seal('x', passphrase)
  await expect(envelopes.open({ ...envelope, ...change }, passphrase)).rejects.toThrow(/not an export/)
})

function flip(text: string): string {
  return `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`
}
