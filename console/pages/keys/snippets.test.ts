import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { writeSnippets } from './snippets.ts'

const parts = { origin: 'http://127.0.0.1:8000', key: 'qk_secret', model: 'claude-sonnet-4.5' }

function snippet(name: string, about = parts): string {
  return writeSnippets(about).find((each) => each.name === name)?.text ?? ''
}

/** What a shell makes of it. */
function runShell(script: string): string {
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' })
}

describe('the snippets for a new key', () => {
  it('tell Claude Code the address without a path, and no key of Anthropic beside ours', () => {
    const script = snippet('claude-code').replace(/\nclaude$/, '')
    const shown = runShell(
      `ANTHROPIC_API_KEY=other; ${script}\necho "$ANTHROPIC_BASE_URL $ANTHROPIC_AUTH_TOKEN $ANTHROPIC_API_KEY"`,
    )
    expect(shown).toBe('http://127.0.0.1:8000 qk_secret \n')
  })

  it.each(['claude-sonnet-4.5', `it's $(echo "odd") \\ \`here\``])(
    'ask by curl for the model %s, as the shell gives it on',
    (model) => {
      const script = snippet('curl', { ...parts, model }).replace(/^curl/, 'printf "%s\\n"')
      const words = runShell(script).trimEnd().split('\n')
      expect(words.slice(0, 3)).toEqual([
        'http://127.0.0.1:8000/v1/chat/completions',
        '-H',
        'Authorization: Bearer qk_secret',
      ])
      expect(JSON.parse(words.at(-1) ?? '')).toMatchObject({ model })
    },
  )

  it('give the OpenAI SDK the address with /v1', () => {
    expect(snippet('openai-python')).toContain(
      'OpenAI(base_url="http://127.0.0.1:8000/v1", api_key="qk_secret")',
    )
  })
})
