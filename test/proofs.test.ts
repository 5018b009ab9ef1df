import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

describe('docs/proofs.md', () => {
  const document = readFileSync(new URL('../docs/proofs.md', import.meta.url), 'utf8')
  const files = [...document.matchAll(/`([^`\s]+\.ts)`/g)].map(([, file = '']) => file)

  it('names proofs that are there', () => {
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)))).toEqual([])
  })
})
