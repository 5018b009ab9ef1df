import type { ComponentChildren } from 'preact'
import { defineMessages, speak } from '../i18n/messages.ts'
import { Icon } from '../parts/icon.tsx'
import { Link } from '../parts/link.tsx'
import { snapshot } from '../state/live.ts'
import { addressOf } from '../state/route.ts'
import { session } from '../state/session.ts'

const messages = defineMessages(
  {
    openApi: 'The model APIs need no key: whoever reaches this gateway uses your accounts.',
    plainHttp:
      'This page came over plain HTTP from another machine: passwords and keys can be read on the way.',
    needSignIn: {
      one: '{count} account needs to be signed in again.',
      other: '{count} accounts need to be signed in again.',
    },
    keyBesideData: 'The master key lies beside the data it protects. Set MASTER_KEY to keep them apart.',
    clockSkew: "This machine's clock is {seconds} s off that of AWS; sign-ins may fail.",
    captureOn: {
      one: 'What is said in requests is being recorded, for up to {count} more minute.',
      other: 'What is said in requests is being recorded, for up to {count} more minutes.',
    },
    seeCapture: 'See or stop',
    makeKey: 'Make a key',
    showThem: 'Show them',
  },
  {
    openApi: '模型接口不需要密钥：任何能访问此网关的人都可以使用您的账号。',
    plainHttp: '此页面通过明文 HTTP 从另一台机器加载：密码和密钥可能在途中被读取。',
    needSignIn: { other: '{count} 个账号需要重新登录。' },
    keyBesideData: '主密钥与其保护的数据存放在一起。可设置 MASTER_KEY 将二者分开。',
    clockSkew: '本机时钟与 AWS 相差 {seconds} 秒，登录可能失败。',
    captureOn: { other: '正在记录请求与回答的内容，最多还将持续 {count} 分钟。' },
    seeCapture: '查看或停止',
    makeKey: '创建密钥',
    showThem: '查看',
  },
)

/** One at most, the worst. */
export function BannerZone() {
  const text = speak(messages)
  const warnings = new Map(snapshot.value?.warnings.map(({ code, count }) => [code, count ?? 0]))
  if (warnings.has('open-api')) {
    return (
      <Banner tone="bad" words={text('openApi')}>
        <Link href={addressOf('keys', { new: '1' })}>{text('makeKey')}</Link>
      </Banner>
    )
  }
  if (isPlainHttpFromAfar()) return <Banner tone="bad" words={text('plainHttp')} />
  const captureSeconds = warnings.get('capture-on')
  if (captureSeconds !== undefined) {
    return (
      <Banner tone="warn" words={text('captureOn', { count: Math.ceil(captureSeconds / 60) })}>
        <Link href={addressOf('requests', { capture: '1' })}>{text('seeCapture')}</Link>
      </Banner>
    )
  }
  const needSignIn = warnings.get('accounts-need-sign-in') ?? 0
  if (needSignIn > 0) {
    return (
      <Banner tone="warn" words={text('needSignIn', { count: needSignIn })}>
        <Link href={addressOf('accounts', { state: 'attention' })}>{text('showThem')}</Link>
      </Banner>
    )
  }
  const skew = warnings.get('clock-skew')
  if (skew !== undefined) return <Banner tone="warn" words={text('clockSkew', { seconds: skew })} />
  // Somebody who tries it on their own machine has nothing to gain from it.
  const isLocal = session.value.kind === 'operator' && session.value.view.via === 'local'
  if (warnings.has('master-key-beside-data') && !isLocal) {
    return <Banner tone="info" words={text('keyBesideData')} />
  }
  return null
}

function Banner({
  tone,
  words,
  children,
}: {
  tone: 'bad' | 'warn' | 'info'
  words: string
  children?: ComponentChildren
}) {
  return (
    <div class={`banner ${tone}`} role="status">
      <Icon name={tone === 'info' ? 'info' : 'warn'} />
      <span>{words}</span>
      {children}
    </div>
  )
}

function isPlainHttpFromAfar(): boolean {
  const { protocol, hostname } = window.location
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}
