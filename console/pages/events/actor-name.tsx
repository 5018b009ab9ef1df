import type { EventEntry } from '../../api/types.ts'
import { defineMessages, speak } from '../../i18n/messages.ts'
import { Private } from '../../parts/private.tsx'

const messages = defineMessages(
  {
    gateway: 'The gateway',
    client: 'A client',
    operator: 'Operator',
    local: 'Operator, on this machine',
    session: 'Operator, signed in',
    password: 'Operator, by password',
    token: 'Operator, by token',
  },
  {
    gateway: '网关',
    client: '客户端',
    operator: '管理员',
    local: '管理员（本机）',
    session: '管理员（已登录）',
    password: '管理员（密码）',
    token: '管理员（令牌）',
  },
)

/** Who did it, and how that one got in. */
export function ActorName({ actor }: { actor: EventEntry['actor'] }) {
  const text = speak(messages)
  const { kind, via, name } = actor
  if (kind === 'gateway') return <>{text('gateway')}</>
  if (kind === 'client') return <>{text('client')}</>
  const known = (['local', 'session', 'password', 'token'] as const).find((each) => each === via)
  return (
    <>
      {text(known ?? 'operator')}
      {name !== null && (
        <>
          {' '}
          <Private text={name} />
        </>
      )}
    </>
  )
}
