import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Agent } from '../agent.ts'

const MODEL = 'claude-sonnet-4.5'
const PROVIDER = 'openai-compatible'

export const cline: Agent = {
  name: 'Cline',
  packageName: 'cline',
  program: `@cline/cli-${process.platform}-${process.arch}/bin/cline`,
  dialect: 'openai-chat',
  prepare(question, { gatewayUrl, key, home }) {
    const folder = path.join(home, '.cline', 'data', 'settings')
    mkdirSync(folder, { recursive: true })
    // As `cline auth` writes it, which takes as long as a whole scenario.
    const settings = { provider: PROVIDER, apiKey: key, model: MODEL, baseUrl: `${gatewayUrl}/v1` }
    const entry = { settings, updatedAt: new Date(0).toISOString(), tokenSource: 'manual' }
    writeFileSync(
      path.join(folder, 'providers.json'),
      JSON.stringify({ version: 1, lastUsedProvider: PROVIDER, modes: {}, providers: { [PROVIDER]: entry } }),
    )
    return {
      args: ['-P', PROVIDER, '-m', MODEL, question],
      environment: { CLINE_NO_AUTO_UPDATE: '1', DO_NOT_TRACK: '1' },
    }
  },
  tools: {
    runShell: (command) => ({ name: 'run_commands', input: { commands: [command] } }),
    showImage: (file) => ({ name: 'read_files', input: { files: [{ path: file }] } }),
  },
  expected: {
    'plain answer': { exit: 'success', requests: 1 },
    'shell tool': { exit: 'success', requests: 2 },
    'image from a tool': { exit: 'success', requests: 2 },
    'too long a prompt': {
      exit: 'failure',
      requests: 1,
      tells: /context window exceeded — compacting[\s\S]*200000 tokens/,
    },
    'throttled account': { exit: 'success', requests: 1 },
    'all throttled': { exit: 'success', requests: 2 },
    // It repeats no answer of which it has printed a part.
    'cut stream': {
      exit: 'failure',
      requests: 1,
      tells: /closed the connection in the middle of its answer/,
    },
  },
}
