import { describe, expect, it } from 'vitest'
import { clientSetups } from './index.ts'
import { locateFile } from './locate-file.ts'

function placeOf(name: string) {
  const values = { origin: '', key: '', model: '', smallModel: '' }
  const parts = clientSetups.find((setup) => setup.name === name)?.parts(values) ?? []
  const [place] = parts.flatMap((part) => (part.kind === 'file' && part.place ? [part.place] : []))
  if (place === undefined) throw new Error(`${name} has no file`)
  return place
}

describe('the file of', () => {
  it.each<[string, string, Record<string, string>, string | undefined]>([
    ['claude-code', 'linux', { HOME: '/h' }, '/h/.claude/settings.json'],
    ['claude-code', 'darwin', { HOME: '/h', CLAUDE_CONFIG_DIR: '/c' }, '/c/settings.json'],
    ['claude-code', 'win32', { USERPROFILE: 'C:/h' }, 'C:/h/.claude/settings.json'],
    ['codex', 'linux', { HOME: '/h', CODEX_HOME: '/c' }, '/c/config.toml'],
    ['opencode', 'darwin', { HOME: '/h' }, '/h/.config/opencode/opencode.json'],
    ['opencode', 'linux', { HOME: '/h', XDG_CONFIG_HOME: '/x' }, '/x/opencode/opencode.json'],
    ['continue', 'linux', { HOME: '/h' }, '/h/.continue/config.yaml'],
    ['zed', 'linux', { HOME: '/h', XDG_CONFIG_HOME: '/x' }, '/x/zed/settings.json'],
    ['zed', 'darwin', { HOME: '/h', XDG_CONFIG_HOME: '/x' }, '/h/.config/zed/settings.json'],
    ['zed', 'win32', { USERPROFILE: 'C:/h', APPDATA: 'C:/a' }, 'C:/a/Zed/settings.json'],
    ['aider', 'linux', { HOME: '/h' }, '/h/.aider.conf.yml'],
    ['aider', 'linux', { HOME: '' }, undefined],
    ['aider', 'linux', {}, undefined],
  ])('%s on %s, with %j, is %s', (name, platform, environment, path) => {
    expect(locateFile(placeOf(name), { platform, environment })?.path).toBe(path)
  })
})
