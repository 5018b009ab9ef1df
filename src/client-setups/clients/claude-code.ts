import { withoutVersion, type ClientSetup } from '../client-setup.ts'

export const claudeCode: ClientSetup = {
  name: 'claude-code',
  title: 'Claude Code',
  api: 'messages',
  calledFrom: 'this machine',
  baseUrlOf: withoutVersion,
  parts: ({ origin, key, model, smallModel }) => [
    {
      kind: 'file',
      title: '~/.claude/settings.json',
      format: 'json',
      place: {
        path: '.claude/settings.json',
        movedBy: { variable: 'CLAUDE_CONFIG_DIR', path: 'settings.json' },
      },
      content: {
        env: {
          ANTHROPIC_BASE_URL: origin,
          ANTHROPIC_AUTH_TOKEN: key,
          ANTHROPIC_MODEL: model,
          ANTHROPIC_DEFAULT_OPUS_MODEL: 'claude-opus-4.5',
          ANTHROPIC_DEFAULT_SONNET_MODEL: 'claude-sonnet-4.5',
          ANTHROPIC_DEFAULT_HAIKU_MODEL: smallModel,
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        },
      },
    },
    {
      kind: 'variables',
      title: 'terminal',
      form: 'terminal',
      variables: { ANTHROPIC_BASE_URL: origin, ANTHROPIC_AUTH_TOKEN: key },
      command: `claude --model ${model}`,
    },
  ],
  rivals: ['ANTHROPIC_API_KEY'],
  remarks: [
    'The file is for all projects, the lines for a terminal are for that one alone: one of both will do.',
  ],
}
