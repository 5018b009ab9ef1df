import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dialects } from '../../src/dialects/index.ts'
import { compatibilityPage } from './compatibility-page.ts'
import { pageFile } from './page-file.ts'

describe('docs/compatibility.md', () => {
  it('says what the dialects do; if not, run `node tools/compatibility.ts`', () => {
    expect(readFileSync(pageFile, 'utf8')).toBe(compatibilityPage(dialects))
  })

  it('has a row for each field, in the order of its table', () => {
    const page = compatibilityPage([
      {
        name: 'a-later-api',
        paths: ['/v1/later', '/later'],
        parameters: {
          b: { verdict: 'honoured', note: 'This | that.' },
          'a[].x': { verdict: 'refused' },
        },
      },
    ])
    expect(page).toContain(
      [
        '## a-later-api',
        '',
        '`POST /v1/later`',
        '',
        '| Field   | Verdict  | Note          |',
        '| ------- | -------- | ------------- |',
        '| `b`     | honoured | This \\| that. |',
        '| `a[].x` | refused  |               |',
        '',
      ].join('\n'),
    )
  })
})
