/** `aqueduct setup` and the guides say the same. */
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { KEY_PLACEHOLDER, type ClientSetup, type SetupPart } from '../../src/client-setups/client-setup.ts'
import { clientSetups } from '../../src/client-setups/index.ts'
import { writePart } from '../../src/client-setups/write-part.ts'
import { chineseFolder, guidesFolder, readGuides } from './guide.ts'
import { readToml } from './read-toml.ts'

const guides = readGuides(guidesFolder)
const chineseGuides = readGuides(chineseFolder)

/** What a program makes of a text; its layout is free. */
const readers: Record<string, (text: string) => unknown> = {
  json: JSON.parse,
  yaml: (text) => parseYaml(text, { strict: true, uniqueKeys: true }),
  toml: (text) => Object.fromEntries(readToml(text)),
  ini: parseEnv,
}
const meaningOf = (language: string, text: string) => readers[language]?.(text) ?? text

function partsFor(setup: ClientSetup): readonly SetupPart[] {
  const origin = new URL(guides.find(({ name }) => name === setup.name)?.baseUrl ?? '').origin
  return setup.parts({
    origin,
    key: KEY_PLACEHOLDER,
    model: 'claude-sonnet-4.5',
    smallModel: 'claude-haiku-4.5',
  })
}

const settingsOf = (name: string) =>
  (guides.find((guide) => guide.name === name)?.snippets ?? []).filter(
    ({ section }) => section === 'Settings',
  )

it('each guide has a setup, and each setup a guide', () => {
  expect(clientSetups.map(({ name }) => name).toSorted()).toEqual(guides.map(({ name }) => name))
})

describe.each(clientSetups)('$name', (setup) => {
  it('has the base URL of its guide', () => {
    const { baseUrl = '' } = guides.find(({ name }) => name === setup.name) ?? {}
    expect(baseUrl.startsWith(setup.baseUrlOf(new URL(baseUrl).origin))).toBe(true)
    expect(setup.calledFrom === 'a container').toBe(baseUrl.includes('//aqueduct:'))
  })

  it.each(partsFor(setup))('has what the guide says: $title', (part) => {
    const { language, text } = writePart(part, 'sh')
    const snippet = settingsOf(setup.name).find(({ title }) => title === part.title)
    expect(snippet?.language).toBe(language)
    expect(meaningOf(language, text)).toEqual(meaningOf(language, snippet?.text ?? ''))
  })

  it('leaves out no setting of the guide', () => {
    const titles = partsFor(setup).map(({ title }) => title)
    const settings = settingsOf(setup.name).filter(
      ({ language, text }) => language in readers || text.startsWith('export '),
    )
    expect(settings.map(({ title }) => title).filter((title) => !titles.includes(title))).toEqual([])
  })

  it.each([guides, chineseGuides])('is named in the settings of its guide', (...all) => {
    const { text = '' } = all.find(({ name }) => name === setup.name) ?? {}
    const [, , settings = ''] = text.split(/^## /m)
    expect(settings).toContain(`\`aqueduct setup ${setup.name}\``)
  })
})
