import { describe, expect, it } from 'vitest'
import { accountPath, changeAccountBody, trialQuery, signInPath, startSignInBody } from './contract.ts'
import { changeKeyBody, createKeyBody, keyPath } from './key-contract.ts'
import { createTokenBody, tokenPath } from './operator-contract.ts'

describe('the character U+0000, which PostgreSQL cannot store', () => {
  it('is refused in texts that are stored', () => {
    expect(changeAccountBody.safeParse({ label: 'a\0b' }).success).toBe(false)
    expect(startSignInBody.safeParse({ label: 'a\0b' }).success).toBe(false)
    expect(startSignInBody.safeParse({ accountId: 'a\0b' }).success).toBe(false)
    expect(changeAccountBody.safeParse({ label: 'a b' }).success).toBe(true)
    expect(createKeyBody.safeParse({ name: 'a\0b' }).success).toBe(false)
    expect(changeKeyBody.safeParse({ name: 'a\0b' }).success).toBe(false)
    expect(changeKeyBody.safeParse({ name: 'a b' }).success).toBe(true)
    expect(createTokenBody.safeParse({ name: 'a\0b', scope: 'read' }).success).toBe(false)
    expect(createTokenBody.safeParse({ name: 'a b', scope: 'read' }).success).toBe(true)
  })

  it('makes of an id one that nothing has', () => {
    expect(accountPath.parse({ id: 'a\0' })).toEqual({ id: 'a\uFFFD' })
    expect(signInPath.parse({ authId: '\0' })).toEqual({ authId: '\uFFFD' })
    expect(keyPath.parse({ id: 'a\0' })).toEqual({ id: 'a\uFFFD' })
    expect(tokenPath.parse({ id: '\0' })).toEqual({ id: '\uFFFD' })
    expect(trialQuery.parse({ account_id: '\0' })).toEqual({ account_id: '\uFFFD' })
    expect(accountPath.parse({ id: 'a-1' })).toEqual({ id: 'a-1' })
  })
})
