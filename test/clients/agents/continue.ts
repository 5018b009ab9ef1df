import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Agent } from '../agent.ts'

export const continueCli: Agent = {
  name: 'Continue',
  packageName: '@continuedev/cli',
  program: '@continuedev/cli/dist/cn.js',
  dialect: 'openai-chat',
  prepare(question, { gatewayUrl, key, home }) {
    const settings = path.join(home, 'config.yaml')
    writeFileSync(
      settings,
      `name: test
version: 0.0.1
schema: v1
models:
  - name: gateway
    provider: openai
    model: claude-sonnet-4.5
    apiBase: ${gatewayUrl}/v1
    apiKey: ${key}
`,
    )
    return {
      args: ['-p', question, '--config', settings, '--auto'],
      environment: {
        CONTINUE_GLOBAL_DIR: path.join(home, '.continue'),
        CONTINUE_CLI_ENABLE_TELEMETRY: '0',
        CONTINUE_METRICS_ENABLED: '0',
      },
    }
  },
  tools: { runShell: (command) => ({ name: 'Bash', input: { command } }) },
  expected: {
    'plain answer': { exit: 'success', requests: 1 },
    'shell tool': { exit: 'success', requests: 2 },
    'too long a prompt': { exit: 'failure', requests: 1, tells: /Context length exceeded.*200000 tokens/ },
    'throttled account': { exit: 'success', requests: 1 },
    'all throttled': { exit: 'success', requests: 2 },
    'cut stream': { exit: 'success', requests: 2 },
  },
}
