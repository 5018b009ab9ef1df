import { withVersion, type ClientSetup } from '../client-setup.ts'

export const openWebui: ClientSetup = {
  name: 'open-webui',
  title: 'Open WebUI',
  api: 'chat',
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
    'The file belongs beside the compose.yaml of the gateway.',
    'Open WebUI keeps what it was first started with: later on, change it under Admin Settings → Connections.',
  ],
}
