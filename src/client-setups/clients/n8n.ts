import { withVersion, type ClientSetup } from '../client-setup.ts'

export const n8n: ClientSetup = {
  name: 'n8n',
  title: 'n8n',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['OpenAI', 'n8n', 'langchain', 'node'],
  calledFrom: 'a container',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model }) => [
    {
      kind: 'form',
      title: 'Credentials → OpenAI',
      fields: { 'API Key': key, 'Base URL': withVersion(origin) },
    },
    {
      kind: 'form',
      title: 'OpenAI Chat Model',
      fields: { Model: { mode: 'By ID', value: model }, 'Use Responses API': false },
    },
  ],
  rivals: [],
  remarks: [
    {
      en: 'n8n Cloud needs a public address with https.',
      'zh-CN': 'n8n Cloud 需要公网可访问的 https 地址。',
    },
  ],
}
