import { modelsOf, titleOfModel, withVersion, type ClientSetup } from '../client-setup.ts'

const entryOf = (model: string) => ({
  name: titleOfModel(model),
  attachment: true,
  modalities: { input: ['text', 'image'], output: ['text'] },
  limit: { context: 200_000, output: 32_000 },
})

export const opencode: ClientSetup = {
  name: 'opencode',
  title: 'opencode',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['opencode'],
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: (values) => [
    {
      kind: 'file',
      title: 'opencode.json',
      format: 'json',
      place: {
        path: '.config/opencode/opencode.json',
        movedBy: { variable: 'XDG_CONFIG_HOME', path: 'opencode/opencode.json' },
      },
      content: {
        $schema: 'https://opencode.ai/config.json',
        model: `aqueduct/${values.model}`,
        small_model: `aqueduct/${values.smallModel}`,
        share: 'disabled',
        autoupdate: false,
        provider: {
          aqueduct: {
            npm: '@ai-sdk/openai-compatible',
            name: 'Aqueduct',
            options: { baseURL: withVersion(values.origin), apiKey: '{env:AQUEDUCT_KEY}' },
            models: Object.fromEntries(modelsOf(values).map((model) => [model, entryOf(model)])),
          },
        },
      },
    },
    {
      kind: 'variables',
      title: 'terminal',
      form: 'terminal',
      variables: { AQUEDUCT_KEY: values.key },
      command: 'opencode',
    },
  ],
  rivals: [],
  remarks: [
    {
      en: 'In a project, opencode.json is for that project alone.',
      'zh-CN': '项目中的 opencode.json 只对该项目生效。',
    },
  ],
}
