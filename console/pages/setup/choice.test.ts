import { describe, expect, it } from 'vitest'
import { isPublic, readOrigin, usualOrigin, usualShell } from './choice.ts'

describe('the address of the gateway', () => {
  it.each([
    ['http://192.168.1.5:8000', 'http://192.168.1.5:8000'],
    [' https://q.example.com/v1 ', 'https://q.example.com'],
    ['https://q.example.com/', 'https://q.example.com'],
    ['http://[::1]:8000/v1/', 'http://[::1]:8000'],
    ['q.example.com', undefined],
    ['ftp://q.example.com', undefined],
    ['javascript:alert(1)', undefined],
    ['https://me:pass@q.example.com', undefined],
    ['https://q.example.com/?a=1', undefined],
    ['https://q.example.com/path', undefined],
    ['', undefined],
  ])('%j is read as %s', (typed, origin) => expect(readOrigin(typed)).toBe(origin))

  it('is that of the page, but for containers on the same machine', () => {
    const here = 'http://127.0.0.1:8000'
    expect(usualOrigin({ calledFrom: 'this machine' }, here)).toBe(here)
    expect(usualOrigin({ calledFrom: 'a container' }, here)).toBe('http://aqueduct:8000')
    expect(usualOrigin({ calledFrom: 'a container' }, 'https://q.example.com')).toBe('https://q.example.com')
  })
})

describe('who calls from the Internet', () => {
  it.each(['https://q.example.com', 'https://8.8.8.8:8443', 'https://[2001:db8::1]'])(
    'reaches %s',
    (origin) => expect(isPublic(origin)).toBe(true),
  )
  it.each([
    'http://q.example.com',
    'https://localhost:8000',
    'https://127.0.0.1',
    'https://10.1.2.3',
    'https://172.20.0.1',
    'https://192.168.0.2',
    'https://169.254.1.1',
    'https://100.100.1.1',
    'https://[::1]',
    'https://[fd00::1]',
    'https://[fe80::1]',
    'https://nas',
    'https://nas.local',
    'https://q.internal',
  ])('does not reach %s', (origin) => expect(isPublic(origin)).toBe(false))
})

it('Windows has PowerShell, all others a shell like theirs', () => {
  expect(['Win32', 'MacIntel', 'Linux x86_64', ''].map(usualShell)).toEqual(['powershell', 'sh', 'sh', 'sh'])
})
