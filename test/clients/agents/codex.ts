/** Codex offers other tools for each family of models: plain ones, one that takes a patch as text, or one that runs scripts. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Agent, Expectation, Place, Tools } from '../agent.ts'

/** Between the first request and one with a long answer of a tool. */
const COMPACTION_TOKENS = 10_500

const patchThatAdds = (name: string, line: string) =>
  `*** Begin Patch\n*** Add File: ${name}\n+${line}\n*** End Patch\n`

const plainTools = {
  runShell: (command) => ({ name: 'exec_command', input: { cmd: command } }),
  showImage: (file) => ({ name: 'view_image', input: { path: file } }),
  closeAgent: (id) => ({ name: 'multi_agent_v1__close_agent', input: { target: id } }),
} satisfies Tools

const patchTools: Tools = {
  runShell: plainTools.runShell,
  showImage: plainTools.showImage,
  addFile: (name, line) => ({ name: 'apply_patch', input: { input: patchThatAdds(name, line) } }),
}

/** One custom tool, of a namespace, runs JavaScript that calls the others. */
const script = (text: string) => ({ name: 'functions__exec', input: { input: text } })
const scriptTools: Tools = {
  runShell: (command) =>
    script(`text((await tools.exec_command(${JSON.stringify({ cmd: command })})).output)`),
  showImage: (file) => script(`image(await tools.view_image(${JSON.stringify({ path: file })}))`),
  addFile: (name, line) =>
    script(`text(await tools.apply_patch(${JSON.stringify(patchThatAdds(name, line))}))`),
}

interface Family {
  model: string
  /** Whether it talks as to OpenAI itself, or as to some other provider of that API. */
  provider?: 'openai' | 'custom'
  tools: Tools
  gatewaySettings?: Record<string, string>
  /** Scenarios that are for this family alone. */
  own: Agent['expected']
}

/** The second request is for the summary, the third goes on from it. */
const compacts: Expectation = { exit: 'success', requests: 3, tells: /context compacted/ }
const roundTrip: Expectation = { exit: 'success', requests: 2 }

function codexWith({ model, provider = 'custom', tools, gatewaySettings = {}, own }: Family): Agent {
  return {
    name: `Codex, ${model}${provider === 'openai' ? ', as OpenAI' : ''}`,
    packageName: '@openai/codex',
    program: '@openai/codex/bin/codex.js',
    dialect: 'openai-responses',
    gatewaySettings,
    prepare(question, place) {
      const folder = path.join(place.home, '.codex')
      mkdirSync(folder)
      writeFileSync(path.join(folder, 'config.toml'), settingsFor(model, provider, place))
      return {
        // Its sandbox needs namespaces of its own.
        args: ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', question],
        environment: { CODEX_HOME: folder, GATEWAY_KEY: place.key, CODEX_API_KEY: place.key },
      }
    },
    tools,
    expected: {
      'plain answer': { exit: 'success', requests: 1 },
      'shell tool': roundTrip,
      'image from a tool': roundTrip,
      'too long a prompt': { exit: 'failure', requests: 1, tells: /ran out of room/ },
      'quota used up': { exit: 'failure', requests: 1, tells: /Quota exceeded/ },
      // Its own limit for answers that break off; five times as often for HTTP errors.
      'failing service': { exit: 'failure', requests: 6, tells: /Amazon Q failed to answer/ },
      'throttled account': { exit: 'success', requests: 1 },
      // The second after the wait that the first was told.
      'all throttled': roundTrip,
      'cut stream': roundTrip,
      ...own,
    },
  }
}

const providers = {
  openai: (url: string) => `openai_base_url = "${url}"`,
  custom: (url: string) => `model_provider = "gateway"

[model_providers.gateway]
name = "gateway"
base_url = "${url}"
env_key = "GATEWAY_KEY"
wire_api = "responses"`,
} as const

function settingsFor(
  model: string,
  provider: keyof typeof providers,
  { gatewayUrl, compactsEarly }: Place,
): string {
  const limit = compactsEarly ? `model_auto_compact_token_limit = ${COMPACTION_TOKENS}` : ''
  return `model = "${model}"
${limit}
check_for_update_on_startup = false
analytics.enabled = false
${providers[provider](`${gatewayUrl}/v1`)}
`
}

export const codexes = [
  codexWith({
    model: 'claude-sonnet-4.5',
    tools: plainTools,
    own: { 'tool of a namespace': roundTrip, compaction: compacts },
  }),
  codexWith({
    model: 'claude-sonnet-4.5',
    provider: 'openai',
    tools: plainTools,
    own: { compaction: compacts },
  }),
  codexWith({
    model: 'gpt-5.5',
    tools: patchTools,
    gatewaySettings: { MODEL_ALIASES: 'gpt-5.5=claude-sonnet-4.5' },
    own: { 'custom tool': roundTrip },
  }),
  codexWith({
    model: 'gpt-5.6-sol',
    tools: scriptTools,
    own: { 'custom tool': roundTrip },
  }),
]
