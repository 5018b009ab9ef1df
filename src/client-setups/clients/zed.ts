import { modelsOf, titleOfModel, withVersion, type ClientSetup } from '../client-setup.ts'

export const zed: ClientSetup = {
  name: 'zed',
  title: 'Zed',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['Zed'],
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: (values) => [
    {
      kind: 'file',
      title: '~/.config/zed/settings.json',
      format: 'json',
      place: {
        path: '.config/zed/settings.json',
        movedBy: { variable: 'XDG_CONFIG_HOME', path: 'zed/settings.json', platform: 'linux' },
        onWindows: { variable: 'APPDATA', path: 'Zed/settings.json' },
      },
      content: {
        language_models: {
          openai_compatible: {
            aqueduct: {
              api_url: withVersion(values.origin),
              available_models: modelsOf(values).map((model) => ({
                name: model,
                display_name: titleOfModel(model),
                max_tokens: 200_000,
                capabilities: { tools: true, images: true },
              })),
            },
          },
        },
      },
    },
    {
      kind: 'variables',
      title: 'terminal',
      form: 'terminal',
      variables: { AQUEDUCT_API_KEY: values.key },
      command: 'zed',
    },
  ],
  rivals: [],
  remarks: [
    {
      en: 'In place of the variable the key can be entered under Agent Settings → LLM Providers.',
      'zh-CN': '也可以不用变量，在 Agent Settings → LLM Providers 中输入密钥。',
    },
  ],
}
