/** How a request ended and by which way it came, in words. To be called while rendering. */
import type { KeptCall } from '../../api/types.ts'
import { defineMessages, speak } from '../../i18n/messages.ts'
import type { Tone } from '../../parts/badge.tsx'
import { describeApi } from './api-names.ts'

const messages = defineMessages(
  {
    ok: 'Answered',
    'client-error': 'Refused',
    throttled: 'Throttled',
    'upstream-error': 'Failed',
    shed: 'Turned away',
    cancelled: 'Client left',
    'end-turn': 'done',
    'tool-use': 'calls a tool',
    'max-tokens': 'at its limit',
    'stop-sequence': 'stop sequence',
    refusal: 'refused',
    'context-window-exceeded': 'window full',
    'pause-turn': 'paused',
    '2xx': '2xx: answered',
    '4xx': '4xx: refused',
    '5xx': '5xx: failed',
  },
  {
    ok: '已回答',
    'client-error': '被拒绝',
    throttled: '被限流',
    'upstream-error': '失败',
    shed: '未受理',
    cancelled: '客户端断开',
    'end-turn': '完成',
    'tool-use': '调用工具',
    'max-tokens': '达到上限',
    'stop-sequence': '停止序列',
    refusal: '拒绝回答',
    'context-window-exceeded': '窗口已满',
    'pause-turn': '暂停',
    '2xx': '2xx：已回答',
    '4xx': '4xx：被拒绝',
    '5xx': '5xx：失败',
  },
)

export const outcomeNames = [
  'ok',
  'client-error',
  'throttled',
  'upstream-error',
  'shed',
  'cancelled',
] as const
export const statusNames = ['2xx', '4xx', '5xx'] as const

const stopReasons = [
  'end-turn',
  'tool-use',
  'max-tokens',
  'stop-sequence',
  'refusal',
  'context-window-exceeded',
  'pause-turn',
] as const
const words = [...outcomeNames, ...statusNames, ...stopReasons] as const

export const tones: Readonly<Record<KeptCall['outcome'], Tone>> = {
  ok: 'good',
  'client-error': 'idle',
  throttled: 'warn',
  'upstream-error': 'bad',
  shed: 'warn',
  cancelled: 'idle',
}

/** What has no word here goes by its name. */
export function describeWord(name: string): string {
  const known = words.find((each) => each === name)
  return known === undefined ? describeApi(name) : speak(messages)(known)
}
