import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { readConfig } from '../config.ts'
import { shareOut } from '../workers/place.ts'
import { followSettings } from './follow-settings.ts'
import { openSettings } from './live-settings.ts'
import { createSampleStore } from './sample-store.ts'

type Parts = Partial<Parameters<typeof openSettings>[0]>

async function open(
  stored: Record<string, string>,
  environment: Record<string, string> = {},
  parts: Parts = {},
) {
  const memory = createSampleStore(stored)
  const warnings: { setting: string; why: string }[] = []
  const config = readConfig(environment)
  const warn = (facts: { setting: string; why: string }) => void warnings.push(facts)
  const settings = await openSettings({ config, store: memory.store, warn, ...parts })
  return { ...memory, warnings, config, settings }
}

const share = (config: ReturnType<typeof readConfig>) => shareOut(config, { number: 1, count: 2 })

describe('the settings of a process', () => {
  it('are those of the environment, object for object, while nothing is set in the console', async () => {
    const { settings, config } = await open({}, { MAX_ERROR_COUNT: '3' })
    expect(settings.current()).toBe(config)
  })

  it('begin with what was set in the console, as far as the environment says nothing', async () => {
    const { settings, warnings } = await open(
      { MAX_ERROR_COUNT: '7', ACCOUNT_STRATEGY: 'weighted' },
      { ACCOUNT_STRATEGY: 'round-robin' },
    )
    expect(settings.current()).toMatchObject({ maxErrorCount: 7, accountStrategy: 'round-robin' })
    expect(warnings.map(({ setting }) => setting)).toEqual(['ACCOUNT_STRATEGY'])
  })

  it('start with values that are not valid any more, and say so once', async () => {
    const { settings, warnings, set } = await open({ MAX_ERROR_COUNT: '0', GONE: 'x', LOG_LEVEL: 'warn' })
    expect(settings.current()).toMatchObject({ maxErrorCount: 100, logLevel: 'warn' })
    expect(warnings).toEqual([
      { setting: 'GONE', why: 'GONE is no setting of this version.' },
      { setting: 'MAX_ERROR_COUNT', why: 'MAX_ERROR_COUNT must be a number from 1 to 1000000.' },
    ])
    set('LOG_LEVEL', 'error')
    await settings.catchUp()
    expect(warnings).toHaveLength(2)
  })

  it('change while it runs, and whoever has something to do is told', async () => {
    const { settings, set } = await open({})
    const told: number[] = []
    settings.onChange((now) => told.push(now.maxErrorCount))
    set('MAX_ERROR_COUNT', '9')
    expect(settings.current().maxErrorCount).toBe(100)
    await settings.catchUp()
    expect([settings.current().maxErrorCount, told]).toEqual([9, [9]])
  })

  it('stay as they were at the start where a change needs a restart', async () => {
    const { settings, set } = await open({ CONNECT_TIMEOUT_SECONDS: '3' })
    set('CONNECT_TIMEOUT_SECONDS', '4')
    set('IDLE_TIMEOUT_SECONDS', '30')
    await settings.catchUp()
    expect(settings.current()).toMatchObject({ connectTimeoutSeconds: 3, idleTimeoutSeconds: 30 })
    expect(settings.state().accepted.get('CONNECT_TIMEOUT_SECONDS')).toBe('4')
  })

  it('are shared out anew after each change', async () => {
    const { settings, set } = await open({ MAX_CONCURRENT_REQUESTS: '10' }, { WORKERS: '2' }, { share })
    expect(settings.current().maxConcurrentRequests).toBe(5)
    set('MAX_CONCURRENT_REQUESTS', '20')
    await settings.catchUp()
    expect(settings.current().maxConcurrentRequests).toBe(10)
  })

  it('are followed once a second, and read only when something has changed', async () => {
    const { settings, state, set } = await open({})
    const clock = createFakeClock()
    const reports: unknown[] = []
    const following = followSettings({ settings, clock, report: (error) => reports.push(error) })
    const pass = async () => {
      clock.advance(1000)
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    await pass()
    expect(state.reads).toBe(1)
    set('MAX_ERROR_COUNT', '9')
    await pass()
    expect([state.reads, settings.current().maxErrorCount]).toEqual([2, 9])
    state.isDown = true
    await pass()
    await pass()
    expect(reports).toHaveLength(1)
    await following.close()
  })
})

describe('the settings of a process that joins others', () => {
  const stored = { CONNECT_TIMEOUT_SECONDS: '4', HEADERS_TIMEOUT_SECONDS: '7', MAX_ERROR_COUNT: '9' }

  it('are theirs where a change needs a restart, and the newest else', async () => {
    const first = await open({ CONNECT_TIMEOUT_SECONDS: '3', KEEP_ALIVE_TIMEOUT_SECONDS: '50' })
    const { settings, set } = await open(stored, {}, { joined: first.settings.atStart })
    const holds = { connectTimeoutSeconds: 3, keepAliveTimeoutSeconds: 50, maxErrorCount: 9 }
    expect(settings.current()).toMatchObject(holds)
    expect(settings.current().headersTimeoutSeconds).toBe(first.settings.current().headersTimeoutSeconds)
    expect(settings.atStart).toEqual(first.settings.atStart)
    set('MAX_SESSIONS', '5')
    await settings.catchUp()
    expect(settings.current()).toMatchObject({ ...holds, maxSessions: 5 })
    expect(settings.state().accepted.get('CONNECT_TIMEOUT_SECONDS')).toBe('4')
  })

  it('are those of the defaults where the others began with none', async () => {
    const { settings, config } = await open(stored, {}, { joined: new Map() })
    expect(settings.current().connectTimeoutSeconds).toBe(config.connectTimeoutSeconds)
    expect(settings.current().maxErrorCount).toBe(9)
  })
})
