import { describe, expect, it } from 'vitest'
import { sampleSetting } from '../sample-setting.ts'
import { writeDiagnostics } from './diagnostics.ts'

const system = {
  version: '1.2.3',
  node: 'v24',
  platform: 'linux x64',
  startedAt: '2026-11-23T00:00:00.000Z',
  workers: 2,
  database: { kind: 'sqlite', bytes: 5, freeBytes: 0 },
  encryption: { source: 'variable', keyId: 'canary-key', waiting: 0 },
} as const

describe('the diagnostics', () => {
  it('have what was set, of addresses, paths and lists that it was, and no key', () => {
    const set = { source: 'environment', isSet: true } as const
    const settings = [
      sampleSetting({ ...set, value: '7' }),
      sampleSetting({ ...set, name: 'DATA_DIR', kind: { type: 'text' }, value: '/home/canary' }),
      sampleSetting({
        ...set,
        name: 'CORS_ORIGINS',
        kind: { type: 'list' },
        value: 'https://canary.example',
      }),
      sampleSetting({ ...set, name: 'ADMIN_PASSWORD', kind: { type: 'text' }, value: null }),
      sampleSetting({ name: 'LOG_LEVEL', problem: 'It says canary.', inConsole: 'canary' }),
    ]
    const text = writeDiagnostics({ system, settings, snapshot: undefined })
    expect(text).not.toContain('canary')
    expect(JSON.parse(text)).toMatchObject({
      gateway: { version: '1.2.3', workers: 2 },
      settings: {
        MAX_ERROR_COUNT: { value: '7', source: 'environment' },
        DATA_DIR: { value: '(set)' },
        CORS_ORIGINS: { value: '(set)' },
        ADMIN_PASSWORD: { value: '(set)' },
      },
      ignored: ['LOG_LEVEL'],
    })
  })

  it('can be written before anything was read', () => {
    expect(JSON.parse(writeDiagnostics({ system: undefined, settings: [], snapshot: undefined }))).toEqual({
      settings: {},
      ignored: [],
      pending: [],
    })
  })
})
