import { withVersion, type ClientSetup } from '../client-setup.ts'

export const codex: ClientSetup = {
  name: 'codex',
  title: 'Codex',
  api: 'responses',
  keyHeader: 'authorization',
  streams: true,
  programs: ['codex'],
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
  remarks: [
    {
      en: 'Lines without a table in front (model = …) have to stand above the first table.',
      'zh-CN': '前面没有表头的几行（model = …）必须写在第一个表之前。',
    },
    {
      en: 'A hint that metadata of the model are missing does no harm: Codex then uses its plain tools, as it should.',
      'zh-CN': '提示缺少该模型的元数据是无害的：Codex 这时使用普通的工具，正合所需。',
    },
  ],
  deepLink: 'cc-switch-codex',
}
