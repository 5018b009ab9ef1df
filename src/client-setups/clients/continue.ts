import { titleOfModel, withVersion, type ClientSetup } from '../client-setup.ts'

export const continueDev: ClientSetup = {
  name: 'continue',
  title: 'Continue',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['ls', 'OpenAI', 'Continue'],
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model, smallModel }) => {
    const entryOf = (name: string) => ({
      name: titleOfModel(name),
      provider: 'openai',
      model: name,
      apiBase: withVersion(origin),
      apiKey: key,
    })
    const own = { roles: ['chat', 'edit', 'apply'], capabilities: ['tool_use', 'image_input'] }
    const models =
      model === smallModel
        ? [{ ...entryOf(model), ...own, roles: [...own.roles, 'summarize'] }]
        : [
            { ...entryOf(model), ...own },
            { ...entryOf(smallModel), roles: ['chat', 'summarize'] },
          ]
    return [
      {
        kind: 'file',
        title: '~/.continue/config.yaml',
        format: 'yaml',
        place: {
          path: '.continue/config.yaml',
          movedBy: { variable: 'CONTINUE_GLOBAL_DIR', path: 'config.yaml' },
        },
        content: { name: 'Aqueduct', version: '0.0.1', schema: 'v1', models },
      },
    ]
  },
  rivals: [],
  remarks: [
    {
      en: 'The file holds the key in clear: keep it out of projects.',
      'zh-CN': '文件中的密钥是明文：不要把它放进项目。',
    },
    {
      en: 'tool_use under capabilities is what Agent mode needs.',
      'zh-CN': 'Agent 模式需要 capabilities 中的 tool_use。',
    },
  ],
}
