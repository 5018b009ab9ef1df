import path from 'node:path'
import type { Agent } from '../agent.ts'

export const claudeCode: Agent = {
  name: 'Claude Code',
  packageName: '@anthropic-ai/claude-code',
  program: `@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`,
  dialect: 'anthropic-messages',
  prepare: (question, { gatewayUrl, key, home }) => ({
    args: ['-p', question, '--model', 'claude-sonnet-4.5', '--allowedTools', 'Bash,Read'],
    environment: {
      CLAUDE_CONFIG_DIR: path.join(home, '.claude'),
      ANTHROPIC_BASE_URL: gatewayUrl,
      ANTHROPIC_API_KEY: key,
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
    },
  }),
  tools: {
    runShell: (command) => ({ name: 'Bash', input: { command, description: 'Adds two numbers' } }),
    showImage: (file) => ({ name: 'Read', input: { file_path: file } }),
  },
  expected: {
    'plain answer': { exit: 'success', requests: 1 },
    'shell tool': { exit: 'success', requests: 2 },
    'image from a tool': { exit: 'success', requests: 2 },
    // It reads both numbers from the error, and says what takes the space.
    'too long a prompt': { exit: 'failure', requests: 1, tells: /Prompt is too long.*200001.*limit 200000/ },
    'quota used up': { exit: 'failure', requests: 1, tells: /quota at Amazon Q is used up/ },
    'throttled account': { exit: 'success', requests: 1 },
    'all throttled': { exit: 'success', requests: 2 },
    'cut stream': { exit: 'success', requests: 2 },
  },
}
