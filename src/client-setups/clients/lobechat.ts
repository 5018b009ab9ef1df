import { modelsOf, titleOfModel, withVersion, type ClientSetup } from '../client-setup.ts'

export const lobechat: ClientSetup = {
  name: 'lobechat',
  title: 'LobeChat',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['OpenAI', 'node', 'browser'],
  calledFrom: 'a container',
  baseUrlOf: withVersion,
  parts: (values) => [
    {
      kind: 'variables',
      title: '.env',
      form: 'env',
      variables: {
        OPENAI_API_KEY: values.key,
        OPENAI_PROXY_URL: withVersion(values.origin),
        OPENAI_MODEL_LIST: [
          '-all',
          ...modelsOf(values).map((model) => `+${model}=${titleOfModel(model)}<200000:vision:fc>`),
        ].join(','),
      },
    },
    {
      kind: 'variables',
      title: '.env of the gateway',
      form: 'env',
      variables: { MODEL_ALIASES: `gpt-5-mini=${values.smallModel}` },
    },
  ],
  rivals: [],
  remarks: [
    {
      en: 'Its test of the connection asks for a model of OpenAI: that is what the alias is for.',
      'zh-CN': '它的连接测试会请求 OpenAI 的模型，别名就是为此准备的。',
    },
  ],
}
