import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Agent, Expectation, Place } from '../agent.ts'

const MODEL = 'claude-sonnet-4.5'

interface Provider {
  /** Of the AI SDK, which opencode brings along. */
  packageName: string
  dialect: string
  tooLong: RegExp
  cut: Expectation
}

const recovers: Expectation = { exit: 'success', requests: 2 }

function opencodeWith({ packageName, dialect, tooLong, cut }: Provider): Agent {
  return {
    name: `opencode, ${packageName}`,
    packageName: 'opencode-ai',
    program: `opencode-${process.platform}-${process.arch}/bin/opencode`,
    dialect,
    prepare(question, place) {
      writeFileSync(path.join(place.folder, 'opencode.json'), JSON.stringify(settingsFor(packageName, place)))
      return {
        // A title of its own would be a second request beside the first.
        args: ['run', '-m', `gateway/${MODEL}`, '--title', 'test', question],
        environment: environmentIn(place.home),
      }
    },
    tools: {
      runShell: (command) => ({ name: 'bash', input: { command, description: 'Adds two numbers' } }),
      showImage: (file) => ({ name: 'read', input: { filePath: file } }),
    },
    expected: {
      'plain answer': { exit: 'success', requests: 1 },
      'shell tool': { exit: 'success', requests: 2 },
      'image from a tool': { exit: 'success', requests: 2 },
      // The second request is the one that shall compact the conversation.
      'too long a prompt': { exit: 'failure', requests: 2, tells: tooLong },
      'throttled account': { exit: 'success', requests: 1 },
      'all throttled': recovers,
      'cut stream': cut,
    },
  }
}

function settingsFor(npm: string, { gatewayUrl, key }: Place) {
  const model = {
    name: MODEL,
    attachment: true,
    tool_call: true,
    modalities: { input: ['text', 'image'], output: ['text'] },
    limit: { context: 200_000, output: 32_000 },
  }
  const options = { baseURL: `${gatewayUrl}/v1`, apiKey: key }
  const gateway = { npm, name: 'gateway', options, models: { [MODEL]: model } }
  return { autoupdate: false, share: 'disabled', provider: { gateway } }
}

function environmentIn(home: string) {
  return {
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_STATE_HOME: path.join(home, 'state'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
  }
}

export const opencodes = [
  opencodeWith({
    packageName: '@ai-sdk/openai-compatible',
    dialect: 'openai-chat',
    tooLong: /maximum context length is 200000 tokens/,
    cut: recovers,
  }),
  opencodeWith({
    packageName: '@ai-sdk/openai',
    dialect: 'openai-responses',
    tooLong: /context/,
    cut: recovers,
  }),
  opencodeWith({
    packageName: '@ai-sdk/anthropic',
    dialect: 'anthropic-messages',
    tooLong: /prompt is too long: 200001 tokens/,
    cut: { exit: 'failure', requests: 1, tells: /closed the connection in the middle of its answer/ },
  }),
]
