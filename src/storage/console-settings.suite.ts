import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSecrets } from '../access/secrets.ts'
import { randomBytes } from 'node:crypto'
import { systemClock } from '../clock.ts'
import { createConsoleSettingsStore } from './console-settings.ts'
import type { Database } from './database.ts'
import { createEventLog } from './event-log.ts'

interface OpenDatabase {
  database: Database
  close(): Promise<void>
}

function fail(): never {
  throw new Error('cannot tell')
}

export function consoleSettingsSuite(name: string, open: () => Promise<OpenDatabase>): void {
  describe(`settings of the console in ${name}`, () => {
    let opened: OpenDatabase
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.close())

    const happening = { kind: 'setting-changed', actor: { kind: 'gateway' } } as const
    const createStore = () => {
      const secrets = createSecrets({ masterKey: randomBytes(32), randomBytes })
      return createConsoleSettingsStore(opened.database, createEventLog(secrets, systemClock))
    }
    const change = (values: Record<string, string | null>, tell = () => [happening]) => ({
      values: new Map(Object.entries(values)),
      tell,
    })
    const countEvents = async () => (await opened.database.selectFrom('events').select('id').execute()).length

    it('are kept, replaced and taken away, each change with its happenings', async () => {
      const store = createStore()
      expect(await store.read()).toEqual({ revision: 0, values: new Map() })
      expect(await store.change(0, change({ A: '1', B: '2' }))).toBe(true)
      expect(await store.change(1, change({ A: '3', B: null }))).toBe(true)
      expect(await store.read()).toEqual({ revision: 2, values: new Map([['A', '3']]) })
      expect(await countEvents()).toBe(2)
    })

    it('are not changed by who saw them as they were before', async () => {
      const store = createStore()
      await store.change(0, change({ A: '1' }))
      expect(await store.change(0, change({ A: '2' }))).toBe(false)
      expect((await store.read()).values.get('A')).toBe('1')
      expect(await countEvents()).toBe(1)
    })

    it('of two changes to one revision take one', async () => {
      const store = createStore()
      const results = await Promise.all([
        store.change(0, change({ A: '1' })),
        store.change(0, change({ A: '2' })),
      ])
      expect(results.toSorted()).toEqual([false, true])
    })

    it('stay as they were when a change cannot be recorded', async () => {
      const store = createStore()
      await expect(store.change(0, change({ A: '1' }, fail))).rejects.toThrow('cannot tell')
      expect(await store.read()).toEqual({ revision: 0, values: new Map() })
    })
  })
}
