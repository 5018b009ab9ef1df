import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'

/** Node keeps a source that holds any other character with two bytes each: three megabytes more for as long as the gateway runs. */
it('the bundle of the gateway is plain ASCII', { timeout: 120_000 }, async () => {
  const launcher: { buildBundle(node: string): Promise<void> } = createRequire(import.meta.url)(
    '../bin/launcher/build.cjs',
  )
  await launcher.buildBundle(process.execPath)
  const bundle = readFileSync(new URL('../dist/main.js', import.meta.url), 'utf8')
  expect(bundle.match(/.{0,40}\P{ASCII}.{0,40}/u)).toBeNull()
})
