import { withVersion, type ClientSetup } from '../client-setup.ts'

export const aider: ClientSetup = {
  name: 'aider',
  title: 'Aider',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['OpenAI Python', 'AsyncOpenAI Python', 'litellm'],
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model, smallModel }) => [
    {
      kind: 'file',
      title: '.aider.conf.yml',
      format: 'yaml',
      place: { path: '.aider.conf.yml' },
      content: {
        'openai-api-base': withVersion(origin),
        'openai-api-key': key,
        model: `openai/${model}`,
        'weak-model': `openai/${smallModel}`,
        'show-model-warnings': false,
        analytics: false,
      },
    },
  ],
  rivals: ['OPENAI_API_BASE', 'OPENAI_API_KEY'],
  remarks: [
    {
      en: 'It belongs into the home folder, so that the key is in no repository.',
      'zh-CN': '文件应放在主目录中，这样密钥就不会进入任何代码仓库。',
    },
  ],
}
