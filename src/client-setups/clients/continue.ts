import { titleOfModel, withVersion, type ClientSetup } from '../client-setup.ts'

export const continueDev: ClientSetup = {
  name: 'continue',
  title: 'Continue',
  api: 'chat',
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
  remarks: ['The file holds the key in clear: keep it out of projects.'],
}
