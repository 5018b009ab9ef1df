'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { root } = require('./paths.cjs')
const { operatorCommand, tasks } = require('./tasks.cjs')
const { exitCodes, Interrupted, LaunchError, note } = require('./report.cjs')
const { findNode } = require('./find-node.cjs')
const { buildBundle } = require('./build.cjs')
const { installDependencies } = require('./install.cjs')

/** Runs the task that `argv` names (`start` when it names none) and ends with its exit code. */
async function launch(argv) {
  let continuation
  try {
    continuation = await prepareAndRun(argv)
  } catch (error) {
    if (!(error instanceof Interrupted)) note(error.message)
    process.exitCode = error instanceof LaunchError ? error.exitCode : exitCodes.software
  }
  // Outside of the try: how the task itself fails is its own affair.
  if (continuation !== undefined) await import(continuation)
}

/** Gives the URL of the module that shall go on in this process, if one shall. */
async function prepareAndRun(words) {
  const [name = 'start', ...rest] = words
  const isTask = Object.hasOwn(tasks, name)
  const task = isTask ? tasks[name] : operatorCommand
  const userArgs = isTask ? rest : words
  if (!isTask) goToGateway()

  const node = await findNode()
  await installDependencies(node)
  if (task.bundle) await buildBundle(node)

  // What V8 makes of the bundle is kept, which saves a fifth of the time to the first answer. A place that was set already counts.
  const { NODE_COMPILE_CACHE: compileCache = path.join(root, '.cache', 'compiled') } = process.env
  const script = path.join(root, task.script)
  const args = [...(task.args ?? []), ...userArgs]
  if (task.inProcess && node === process.execPath) {
    require('node:module').enableCompileCache(compileCache)
    process.env.NODE_COMPILE_CACHE = compileCache // for the processes that this one starts
    process.argv.splice(1, process.argv.length, script, ...args)
    return require('node:url').pathToFileURL(script).href
  }
  const { runTask } = require('./run.cjs')
  process.exitCode = await runTask(node, [...(task.flags ?? []), script, ...args], {
    environment: { NODE_COMPILE_CACHE: compileCache, ...task.environment },
    cwd: isTask ? root : process.cwd(),
  })
  return undefined
}

/** A command works on the gateway whose `.env` or data are here, else on the one of this checkout; files are named from here. */
function goToGateway() {
  const here = process.cwd()
  process.env.INIT_CWD ??= here // npm sets it, and goes to the checkout itself
  if (!['.env', 'data'].some((name) => fs.existsSync(path.join(here, name)))) process.chdir(root)
}

module.exports = { launch }
