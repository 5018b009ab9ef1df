// Bundles console/ into dist/console: files named by their content, each beside its form packed by brotli, and a list of them.
'use strict'

const crypto = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { consoleFolder, root } = require('./paths.cjs')

const types = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}
/** What a page of the release before may still ask for. */
const REPLACED = 'replaced'

/** `bundle`: runs esbuild with these arguments and throws when it fails. */
async function buildConsole(bundle, targetFolder) {
  const freshFolder = path.join(root, '.cache', 'console')
  fs.rmSync(freshFolder, { recursive: true, force: true })
  const metafile = path.join(root, '.cache', 'console.json')
  const modules = [
    '--splitting',
    '--format=esm',
    path.join('console', 'main.tsx'),
    path.join('console', 'styles', 'index.css'),
  ]
  // One file that is no module, so that it runs before the first paint.
  const theme = ['--format=iife', path.join('console', 'theme.ts')]
  const built = []
  for (const entries of [modules, theme]) {
    await bundle([...entries, ...esbuildArgs(freshFolder, metafile)])
    const { outputs } = JSON.parse(fs.readFileSync(metafile, 'utf8'))
    for (const [file, about] of Object.entries(outputs)) built.push({ file: path.join(root, file), about })
  }
  const pack = createPacker(freshFolder)
  const files = built.map(({ file }) => pack(path.basename(file), fs.readFileSync(file)))
  for (const name of ['icon.svg', 'manifest.webmanifest']) {
    files.push(pack(nameByContent(name), fs.readFileSync(path.join(consoleFolder, name))))
  }
  const nameOf = (source) => fileOf(built, source)
  const page = fillPage(fs.readFileSync(path.join(consoleFolder, 'index.html'), 'utf8'), {
    script: nameOf('console/main.tsx'),
    theme: nameOf('console/theme.ts'),
    style: nameOf('console/styles/index.css'),
    icon: files.find(({ name }) => name.startsWith('icon-')).name,
    manifest: files.find(({ name }) => name.startsWith('manifest-')).name,
  })
  fs.writeFileSync(path.join(freshFolder, 'index.html'), page)
  publish(freshFolder, targetFolder, files)
}

function esbuildArgs(outFolder, metafile) {
  return [
    '--bundle',
    '--platform=browser',
    '--target=es2022',
    '--jsx=automatic',
    '--jsx-import-source=preact',
    '--minify',
    '--legal-comments=none',
    '--entry-names=[name]-[hash]',
    '--chunk-names=[name]-[hash]',
    `--outdir=${outFolder}`,
    `--metafile=${metafile}`,
    '--log-level=error',
    '--color=false',
  ]
}

function createPacker(folder) {
  const zlib = require('node:zlib')
  return (name, content) => {
    fs.writeFileSync(path.join(folder, name), content)
    fs.writeFileSync(path.join(folder, `${name}.br`), zlib.brotliCompressSync(content))
    return { name, type: types[path.extname(name)], bytes: content.length }
  }
}

function nameByContent(name) {
  const content = fs.readFileSync(path.join(consoleFolder, name))
  const mark = crypto.createHash('sha256').update(content).digest('hex').slice(0, 8)
  const { name: stem, ext } = path.parse(name)
  return `${stem}-${mark}${ext}`
}

function fileOf(built, source) {
  return path.basename(built.find(({ about }) => about.entryPoint === source).file)
}

function fillPage(template, names) {
  return template.replace(/\{(\w+)\}/g, (_, slot) => names[slot])
}

/** The files of the build before stay for pages that are still open; the list is replaced last. */
function publish(freshFolder, targetFolder, files) {
  fs.mkdirSync(targetFolder, { recursive: true })
  const before = readList(targetFolder).filter(({ status }) => status !== REPLACED)
  const replaced = before
    .filter(({ name }) => !files.some((file) => file.name === name))
    .map((file) => ({ ...file, status: REPLACED }))
  for (const name of fs.readdirSync(freshFolder)) {
    fs.renameSync(path.join(freshFolder, name), path.join(targetFolder, name))
  }
  const list = path.join(targetFolder, 'files.json')
  fs.writeFileSync(`${list}.new`, JSON.stringify([...files, ...replaced]))
  fs.renameSync(`${list}.new`, list)
  const kept = new Set([...files, ...replaced].flatMap(({ name }) => [name, `${name}.br`]))
  for (const name of fs.readdirSync(targetFolder)) {
    if (!kept.has(name) && name !== 'index.html' && name !== 'files.json')
      fs.rmSync(path.join(targetFolder, name))
  }
}

function readList(targetFolder) {
  const list = path.join(targetFolder, 'files.json')
  return fs.existsSync(list) ? JSON.parse(fs.readFileSync(list, 'utf8')) : []
}

module.exports = { buildConsole }
