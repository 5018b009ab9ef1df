// Child processes: they get the signals that we get, and their end is ours.
'use strict'

const { constants } = require('node:os')
const path = require('node:path')
const { spawn } = require('node:child_process')
const { exitCodes, Interrupted, LaunchError } = require('./report.cjs')

const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Gives the child's exit code, or 128 + the number of the signal that ended it. */
async function runTask(node, args, { environment, cwd }) {
  const env = { ...environmentFor(node), ...environment }
  const { exitCode } = await runChild(node, args, { cwd, env, stdio: 'inherit' })
  return exitCode
}

/** Runs a step of the set-up silently, in `cwd`; gives its exit code and what it printed. */
async function runStep(node, args, cwd) {
  const stdio = ['ignore', 'pipe', 'pipe']
  const result = await runChild(node, args, { cwd, env: environmentFor(node), stdio })
  if (result.interruptedBy !== undefined) {
    throw new Interrupted(128 + constants.signals[result.interruptedBy], 'Interrupted.')
  }
  return result
}

function runChild(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options)
    const output = { stdout: '', stderr: '' }
    let interruptedBy
    const forward = (signal) => {
      interruptedBy = signal
      child.kill(signal)
    }
    for (const signal of forwardedSignals) process.on(signal, forward)
    const letGo = () => forwardedSignals.forEach((signal) => process.off(signal, forward))

    for (const name of Object.keys(output)) {
      child[name]?.setEncoding('utf8').on('data', (text) => (output[name] += text))
    }
    child.on('error', (error) => {
      letGo()
      reject(new LaunchError(exitCodes.unavailable, `${command} does not run here (${error.code}).`))
    })
    child.on('close', (code, signal) => {
      letGo()
      resolve({ ...output, exitCode: code ?? 128 + constants.signals[signal], interruptedBy })
    })
  })
}

/** With the Node we found first on PATH: whatever is called as `node` below us, npm's scripts too, is that one. */
function environmentFor(node) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  return {
    ...process.env,
    [name]: [path.dirname(node), process.env[name]].filter(Boolean).join(path.delimiter),
  }
}

module.exports = { runStep, runTask }
