import { withVersion, type ClientSetup } from '../client-setup.ts'

/** Names with `claude` in them may be taken over by Cursor's own route to Anthropic. */
const ALIAS = 'q-sonnet'

export const cursor: ClientSetup = {
  name: 'cursor',
  title: 'Cursor',
  api: 'chat',
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
    "Cursor's own servers call the gateway: the address has to be public, with https.",
    "The aliases belong into the gateway's own .env, which is read when it starts.",
  ],
}
