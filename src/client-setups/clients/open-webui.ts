import { withVersion, type ClientSetup } from '../client-setup.ts'

export const openWebui: ClientSetup = {
  name: 'open-webui',
  title: 'Open WebUI',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['Python', 'aiohttp', 'python'],
  calledFrom: 'a container',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model, smallModel }) => [
    {
      kind: 'file',
      title: 'compose.override.yaml',
      format: 'yaml',
      content: {
        services: {
          'open-webui': {
            image: 'ghcr.io/open-webui/open-webui:main',
            ports: ['127.0.0.1:3000:8080'],
            environment: {
              OPENAI_API_BASE_URL: withVersion(origin),
              OPENAI_API_KEY: key,
              ENABLE_OLLAMA_API: 'false',
              DEFAULT_MODELS: model,
              TASK_MODEL_EXTERNAL: smallModel,
              ENABLE_TAGS_GENERATION: 'false',
              ENABLE_FOLLOW_UP_GENERATION: 'false',
              ENABLE_AUTOCOMPLETE_GENERATION: 'false',
            },
            volumes: ['open-webui:/app/backend/data'],
          },
        },
        volumes: { 'open-webui': null },
      },
    },
  ],
  rivals: [],
  remarks: [
    {
      en: 'The file belongs beside the compose.yaml of the gateway.',
      'zh-CN': '文件应放在网关的 compose.yaml 旁边。',
    },
    {
      en: 'Open WebUI keeps what it was first started with: later on, change it under Admin Settings → Connections.',
      'zh-CN': 'Open WebUI 会保留首次启动时的设置：以后请在“管理员设置 → 外部连接”中修改。',
    },
  ],
}
