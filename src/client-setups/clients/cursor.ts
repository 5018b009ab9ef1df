import { withVersion, type ClientSetup } from '../client-setup.ts'

/** Names with `claude` in them may be taken over by Cursor's own route to Anthropic. */
const ALIAS = 'q-sonnet'

export const cursor: ClientSetup = {
  name: 'cursor',
  title: 'Cursor',
  api: 'chat',
  keyHeader: 'authorization',
  alias: ALIAS,
  streams: true,
  programs: [],
  calledFrom: 'the Internet',
  baseUrlOf: withVersion,
  parts: ({ origin, key, model, smallModel }) => [
    {
      kind: 'variables',
      title: '.env',
      form: 'env',
      variables: {
        MODEL_ALIASES: `${ALIAS}=${model}, q-haiku=${smallModel}, gpt-4o-mini=${smallModel}`,
      },
    },
    {
      kind: 'form',
      title: 'Cursor Settings → Models → API Keys',
      fields: {
        'OpenAI API Key': key,
        'Override OpenAI Base URL': withVersion(origin),
        'Add model': ALIAS,
      },
    },
  ],
  rivals: [],
  remarks: [
    {
      en: "Cursor's own servers call the gateway: the address has to be public, with https.",
      'zh-CN': '请求由 Cursor 的服务器发出：地址必须是公网可访问的 https 地址。',
    },
    {
      en: "The aliases belong into the gateway's own .env, which is read when it starts.",
      'zh-CN': '别名写在网关自己的 .env 中，启动时读取。',
    },
    {
      en: "Give it a key of its own, with a limit: prompts and key pass through Cursor's servers.",
      'zh-CN': '请为它单独创建一个有限额的密钥：提示词和密钥都会经过 Cursor 的服务器。',
    },
  ],
}
