import { withVersion, type ClientSetup } from '../client-setup.ts'

export const cline: ClientSetup = {
  name: 'cline',
  title: 'Cline, Roo Code, Kilo Code',
  api: 'chat',
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
      kind: 'program',
      title: 'terminal',
      language: 'sh',
      text: `cline auth --provider openai-compatible --apikey ${key} --modelid ${model} --baseurl ${withVersion(origin)}\n`,
    },
  ],
  rivals: [],
  remarks: [
    'The fields are those of the extension in an editor; the command sets up Cline on the command line.',
  ],
}
