import { withoutVersion, type ClientSetup } from '../client-setup.ts'

export const claudeCode: ClientSetup = {
  name: 'claude-code',
  title: 'Claude Code',
  api: 'messages',
  keyHeader: 'authorization',
  streams: true,
  programs: ['claude-cli'],
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
    {
      en: 'The file is for all projects, the lines for a terminal are for that one alone: one of both will do.',
      'zh-CN': '文件对所有项目生效，终端中的几行只对该终端生效：二者选一即可。',
    },
    {
      en: "Keep the key out of a project's .claude/settings.json, which is shared with everybody who has the project.",
      'zh-CN': '不要把密钥写进项目的 .claude/settings.json，那个文件会与所有使用该项目的人共享。',
    },
    {
      en: 'The names of Claude are known to Claude Code, with their windows of 200,000 tokens; for other names CLAUDE_CODE_MAX_CONTEXT_TOKENS sets the window.',
      'zh-CN':
        'Claude Code 认识 Claude 的模型名及其 200,000 令牌的上下文窗口；其他名称用 CLAUDE_CODE_MAX_CONTEXT_TOKENS 设置窗口。',
    },
  ],
  deepLink: 'cc-switch-claude',
}
