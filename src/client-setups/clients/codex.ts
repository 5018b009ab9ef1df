import { withVersion, type ClientSetup } from '../client-setup.ts'

export const codex: ClientSetup = {
  name: 'codex',
  title: 'Codex',
  api: 'responses',
  calledFrom: 'this machine',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model }) => [
    {
      kind: 'file',
      title: '~/.codex/config.toml',
      format: 'toml',
      place: { path: '.codex/config.toml', movedBy: { variable: 'CODEX_HOME', path: 'config.toml' } },
      content: {
        model,
        model_provider: 'aqueduct',
        model_context_window: 200_000,
        check_for_update_on_startup: false,
        model_providers: {
          aqueduct: {
            name: 'Aqueduct',
            base_url: withVersion(origin),
            env_key: 'AQUEDUCT_KEY',
            wire_api: 'responses',
          },
        },
        analytics: { enabled: false },
      },
    },
    {
      kind: 'variables',
      title: 'terminal',
      form: 'terminal',
      variables: { AQUEDUCT_KEY: key },
      command: 'codex',
    },
  ],
  rivals: [],
  remarks: ['Lines without a table in front (model = …) have to stand above the first table.'],
}
