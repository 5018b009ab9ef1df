/** Ways in that are not there at all: nothing of the sources may open one. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '..')
const sources = globSync('src/**/*.ts', { cwd: root })
  .filter((path) => !/\.(test|suite)\.ts$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const filesWith = (pattern: RegExp) =>
  sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path)

describe('the sources', () => {
  it('are all read', () => {
    expect(sources.length).toBeGreaterThan(300)
    expect(filesWith(/from 'node:http'/).length).toBeGreaterThan(3)
  })

  it.each<[string, RegExp]>([
    ['S34: start no other program', /child_process|\bspawn\(|\bexecFile|process\.binding/],
    ['S34: make no code of text', /\beval\(|new Function\b|\bFunction\(|node:vm|runInContext|setTimeout\('/],
    [
      'S34: load no module but by a name that stands there',
      /\bimport\((?!'[@\w./-]+'\))|createRequire|\brequire\(/,
    ],
    ['S34: know neither multipart nor templates', /multipart|busboy|handlebars|mustache|\bejs\b|\bpug\b/i],
    [
      'S43: never switch the check of certificates off',
      /rejectUnauthorized(?!: true)|checkServerIdentity|secureProtocol/,
    ],
    ['S43: never lower the version of TLS', /minVersion|ciphers\s*:|DEFAULT_MIN_VERSION/],
    ['S46: write no text into a query', /sql\.raw|sql\.lit\((?!'\\\\'\))|\.unsafe\(|\.prepare\(`/],
    ['S35: never read HTTP leniently', /insecureHTTPParser: true|insecure-http-parser/],
  ])('%s', (_, pattern) => {
    expect(filesWith(pattern)).toEqual([])
  })

  it('S43: read the switch of Node for certificates where the start is refused, and nowhere else', () => {
    expect(filesWith(/NODE_TLS_REJECT_UNAUTHORIZED/)).toEqual(['src/config.ts'])
  })

  it('S65: name no host but those of AWS, of examples, and of search engines that the operator chooses', () => {
    const hosts = sources.flatMap(({ text }) =>
      [...text.matchAll(/https?:\/\/([\w.${}-]+\.[\w${}.-]*[\w}])/g)].map(([, host = '']) => host),
    )
    expect(hosts.length).toBeGreaterThan(5)
    const known =
      /(^|\.)(amazonaws\.com|kiro\.dev|awsapps\.com|example\.com|search\.brave\.com|tavily\.com|docs\.searxng\.org)$|^127\.0\.0\.1$/
    // Named in the settings of a client, which may read a schema there; nothing here asks it.
    const written = 'opencode.ai'
    expect(hosts.filter((host) => !known.test(host) && host !== written)).toEqual([])
  })
})

describe('what is installed', () => {
  it('S34: has nothing that reads multipart or fills templates', () => {
    const file = readFileSync(join(root, 'package.json'), 'utf8')
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(file))
    const names = Object.keys(dependencies)
    expect(names.length).toBeGreaterThan(5)
    expect(
      names.filter((name) => /multipart|multer|busboy|formidable|view|handlebars|ejs|pug|eta/.test(name)),
    ).toEqual([])
  })
})
