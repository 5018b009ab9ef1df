import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { createPasswordHasher, isUsableHash } from './access/password-hash.ts'
import { hashPassword } from './hash-password.ts'

it('makes a hash that the gateway takes, and knows the password by', async () => {
  const hash = await hashPassword(Readable.from(['correct horse\n']))
  expect(isUsableHash(hash)).toBe(true)
  expect(await createPasswordHasher({ randomBytes }).verify('correct horse', hash)).toBe(true)
})

it.each(['', 'admin', 'change-me-2026'])('makes none of "%s"', async (password) => {
  await expect(hashPassword(Readable.from([password]))).rejects.toThrow('choose one')
})
