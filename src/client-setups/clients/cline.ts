import { withVersion, type ClientSetup } from '../client-setup.ts'

export const cline: ClientSetup = {
  name: 'cline',
  title: 'Cline, Roo Code, Kilo Code',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['ai-sdk', 'OpenAI', 'Cline', 'Roo', 'Kilo'],
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model }) => [
    {
      kind: 'form',
      title: 'API Provider',
      fields: {
        'API Provider': 'OpenAI Compatible',
        'Base URL': withVersion(origin),
        'API Key': key,
        'Model ID': model,
        'Context Window': 200_000,
        'Max Output Tokens': 32_000,
        'Image Support': true,
      },
    },
    {
      kind: 'command',
      title: 'terminal',
      words: `cline auth --provider openai-compatible --apikey`
        .split(' ')
        .concat(key, '--modelid', model, '--baseurl', withVersion(origin)),
    },
  ],
  rivals: [],
  remarks: [
    {
      en: 'The fields are those of the extension in an editor; the command sets up Cline on the command line.',
      'zh-CN': '这些字段属于编辑器中的扩展；命令用于设置命令行版 Cline。',
    },
    {
      en: 'Without the context window in the settings, long conversations are not shortened in time.',
      'zh-CN': '如果不填上下文窗口，长对话就不会及时压缩。',
    },
  ],
}
