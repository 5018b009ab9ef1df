import { modelsOf, withoutVersion, type ClientSetup } from '../client-setup.ts'

export const cherryStudio: ClientSetup = {
  name: 'cherry-studio',
  title: 'Cherry Studio',
  api: 'chat',
  keyHeader: 'authorization',
  streams: true,
  programs: ['browser', 'CherryStudio'],
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
  remarks: [
    {
      en: 'The host stands without /v1, which Cherry Studio appends.',
      'zh-CN': '地址不带 /v1，Cherry Studio 会自己加上。',
    },
    {
      en: '"Manage" then lists the models: choose those that you want, and one of the small ones under Default Model for names of topics.',
      'zh-CN': '之后在“管理”中选择需要的模型，并在“默认模型”中为话题命名选一个小模型。',
    },
  ],
  deepLink: 'cherry-studio',
}
