import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import type { SettingsFile, SetupPart } from './client-setup.ts'
import { clientSetups } from './index.ts'
import { mergeSettings } from './merge-settings.ts'

function fileOf(name: string, key = 'sk-new'): SettingsFile {
  const values = {
    origin: 'http://127.0.0.1:8000',
    key,
    model: 'claude-sonnet-4.5',
    smallModel: 'claude-haiku-4.5',
  }
  const parts: readonly SetupPart[] = clientSetups.find((setup) => setup.name === name)?.parts(values) ?? []
  const file = parts.find((part) => part.kind === 'file')
  if (file === undefined) throw new Error(`${name} has no file`)
  return file
}

describe.each(['claude-code', 'codex', 'opencode', 'continue', 'zed', 'aider'])('the file of %s', (name) => {
  const file = fileOf(name)
  const fresh = mergeSettings(file, undefined)

  it.each([undefined, '', '\n'])('is written whole where there is none: %j', (before) => {
    expect(mergeSettings(file, before)).toEqual(fresh)
    expect(fresh.changes.length).toBeGreaterThan(0)
  })

  it('stays as it is when all of it is there', () => {
    expect(mergeSettings(file, fresh.text)).toEqual({ text: fresh.text, changes: [] })
  })

  it('keeps the ends of lines of Windows', () => {
    const { text } = mergeSettings(fileOf(name, 'sk-other'), fresh.text.replaceAll('\n', '\r\n'))
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
  })

  it('tells no key', () => {
    expect(JSON.stringify(mergeSettings(fileOf(name, 'sk-other'), fresh.text).changes)).not.toMatch(/sk-/)
    expect(JSON.stringify(fresh.changes)).not.toMatch(/sk-/)
  })
})

describe('JSON', () => {
  const before = `{
\t"permissions": { "allow": ["Bash"] },
\t"env": { "EDITOR": "vi", "ANTHROPIC_AUTH_TOKEN": "sk-old", "ANTHROPIC_BASE_URL": "https://me:pass@example.com" }
}`

  it('keeps what else is there, and its indentation', () => {
    const { text, changes } = mergeSettings(fileOf('claude-code'), before)
    expect(JSON.parse(text)).toMatchObject({
      permissions: { allow: ['Bash'] },
      env: { EDITOR: 'vi', ANTHROPIC_AUTH_TOKEN: 'sk-new', ANTHROPIC_MODEL: 'claude-sonnet-4.5' },
    })
    expect(text).toContain('\n\t"permissions": {\n\t\t"allow"')
    expect(changes.slice(0, 3)).toEqual([
      {
        setting: 'env.ANTHROPIC_BASE_URL',
        before: '"https://…@example.com"',
        after: '"http://127.0.0.1:8000"',
      },
      { setting: 'env.ANTHROPIC_AUTH_TOKEN', before: '(hidden)', after: '(hidden)' },
      { setting: 'env.ANTHROPIC_MODEL', before: undefined, after: '"claude-sonnet-4.5"' },
    ])
  })

  it('keeps a key where none is given', () => {
    const { text } = mergeSettings(fileOf('claude-code', 'YOUR_KEY'), before)
    expect(text).toContain('"sk-old"')
    expect(text).not.toContain('YOUR_KEY')
  })

  it.each([
    ['{ "env": {} } // mine', 'comments would be lost'],
    ['{ "env": {}, }', 'not plain JSON'],
    ['[]', 'the whole of it is something else'],
    ['{ "env": "none" }', 'env is something else than a group'],
    ['{ "env": { "ANTHROPIC_MODEL": {} } }', 'env.ANTHROPIC_MODEL is something else than a single value'],
    ['{ "id": 12345678901234567890 }', 'numbers that are too long'],
  ])('that reads %s is refused', (text, why) => {
    expect(() => mergeSettings(fileOf('claude-code'), text)).toThrow(why)
  })

  it('keeps names of objects as they are', () => {
    const { text } = mergeSettings(fileOf('claude-code'), '{ "__proto__": { "a": 1 }, "env": {} }')
    expect(text).toContain('"__proto__": {\n    "a": 1')
  })
})

describe('YAML', () => {
  it('keeps comments, and models of other names', () => {
    const { text } = mergeSettings(
      fileOf('continue'),
      `# mine
name: My assistant
version: 1.0.0
models:
  - name: Local # fast
    provider: ollama
    model: qwen
  - name: Claude Sonnet 4.5
    provider: anthropic
    apiKey: sk-old
    defaultCompletionOptions: { temperature: 0 }
rules: [be brief]
`,
    )
    expect(text).toContain('# mine')
    expect(text).toContain('- name: Local # fast')
    const value: { models: object[] } = parseYaml(text)
    expect(value).toMatchObject({ name: 'Aqueduct', schema: 'v1', rules: ['be brief'] })
    expect(value.models).toMatchObject([
      { name: 'Local', model: 'qwen' },
      {
        name: 'Claude Sonnet 4.5',
        provider: 'openai',
        apiKey: 'sk-new',
        defaultCompletionOptions: { temperature: 0 },
      },
      { name: 'Claude Haiku 4.5', apiKey: 'sk-new' },
    ])
  })

  it('of comments alone, or with nothing under a name, is filled', () => {
    expect(parseYaml(mergeSettings(fileOf('continue'), '# mine\nmodels:\n').text)).toMatchObject({
      schema: 'v1',
    })
    expect(mergeSettings(fileOf('aider'), '# mine\n').text).toMatch(/^# mine\n[^]*openai-api-key: sk-new\n/)
  })

  it('with a word where a list belongs tells what it was', () => {
    const { changes } = mergeSettings(fileOf('continue'), 'models: none\n')
    expect(changes).toContainEqual(expect.objectContaining({ before: '"none"' }))
  })

  it.each([
    ['a: [', 'mistakes'],
    ['a: 1\n---\nb: 2\n', 'one document'],
    ['a: 1\na: 2\n', 'mistakes'],
    ['just words\n', 'holds no settings'],
    ['a: &x { models: [] }\nmodels: *x\n', 'models is something else'],
  ])('that reads %j is refused', (text, why) => {
    expect(() => mergeSettings(fileOf('continue'), text)).toThrow(why)
  })
})

describe('TOML', () => {
  const before = `# mine
model = "gpt-5" # the best
approval_policy = "never"
notify = [
  "sh", # [not a table]
  '-c',
]
prompt = """
model_provider = "not one" """

[mcp_servers.files]
command = "files"
env = { KEY = "sk-of-files" }

[analytics]
# off?
enabled = true

[[rules]]
name = "x"
`

  it('changes the lines that are wanted, and no other', () => {
    const { text, changes } = mergeSettings(fileOf('codex'), before)
    expect(text).toBe(
      before
        .replace('"gpt-5" # the best', '"claude-sonnet-4.5" # the best')
        .replace(
          '"not one" """\n',
          `"not one" """
model_provider = "aqueduct"
model_context_window = 200000
check_for_update_on_startup = false
`,
        )
        .replace('enabled = true', 'enabled = false') +
        `
[model_providers.aqueduct]
name = "Aqueduct"
base_url = "http://127.0.0.1:8000/v1"
env_key = "AQUEDUCT_KEY"
wire_api = "responses"
`,
    )
    expect(changes).toContainEqual({ setting: 'model', before: '"gpt-5"', after: '"claude-sonnet-4.5"' })
    expect(mergeSettings(fileOf('codex'), text).changes).toEqual([])
  })

  it('puts lines without a table above the first one', () => {
    const { text } = mergeSettings(fileOf('codex'), '[tui]\ntheme = "dark"')
    expect(text).toMatch(/^model = .*\nmodel_provider = [^]*\n\n\[tui\]\ntheme = "dark"\n\n\[model_providers/)
  })

  it('adds to a table that is there', () => {
    const { text } = mergeSettings(
      fileOf('codex'),
      '[model_providers.aqueduct]\nname = "Mine"\nhttp_headers = { a = "b" }\n\n[x]\n',
    )
    expect(text).toContain(
      '[model_providers.aqueduct]\nname = "Aqueduct"\nhttp_headers = { a = "b" }\nbase_url = ',
    )
    expect(text.match(/\[model_providers/g)).toHaveLength(1)
  })

  it.each([
    [
      'model_providers = { aqueduct = { name = "x" } }',
      'model_providers.aqueduct.name is there in another form',
    ],
    ['model_providers.aqueduct.wire_api = "chat"', 'model_providers.aqueduct is there in another form'],
    ['[model_providers]\naqueduct.query = {}', 'model_providers.aqueduct is there in another form'],
    ['[[model_providers]]\nname = "x"', 'model_providers.aqueduct.name is there in another form'],
    ['model = "a"\nmodel = "b"', 'model is there in another form, or several times'],
    ['[model]\nname = "x"', 'model is there in another form'],
    ['a = "b', 'line 1'],
    ['a = 1\nb = [1,\n', 'line 2'],
    ['a = """b', 'line 1'],
    ['a\n', 'line 1'],
    ['[a\n', 'line 1'],
    ['a = ]', 'line 1'],
    ['a = 1 "b" # c\nd', 'line 2'],
    ['"a\\u0062" = 1', 'line 1'],
  ])('that reads %j is refused', (text, why) => {
    expect(() => mergeSettings(fileOf('codex'), text)).toThrow(why)
  })
})
