import { modelsOf, withoutVersion, type ClientSetup } from '../client-setup.ts'

export const cherryStudio: ClientSetup = {
  name: 'cherry-studio',
  title: 'Cherry Studio',
  api: 'chat',
  calledFrom: 'this machine',
  baseUrlOf: withoutVersion,
  parts: (values) => [
    {
      kind: 'form',
      title: 'Settings → Model Provider → Add',
      fields: {
        'Provider type': 'OpenAI',
        'API Host': values.origin,
        'API Key': values.key,
        Models: modelsOf(values),
      },
    },
  ],
  rivals: [],
  remarks: ['The host stands without /v1, which Cherry Studio appends.'],
}
