// What the launcher says to people: short lines on stderr, so that stdout belongs to the task alone.
'use strict'

/** sysexits(3). */
const exitCodes = { usage: 64, unavailable: 69, software: 70, cannotCreate: 73 }

/** A reason to stop that is told in one line. */
class LaunchError extends Error {
  constructor(exitCode, message) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The user or a supervisor stopped us: nothing to tell. */
class Interrupted extends LaunchError {}

function note(message) {
  process.stderr.write(`aqueduct: ${message.replace(/\s*\n\s*/g, ' ')}\n`)
}

module.exports = { exitCodes, Interrupted, LaunchError, note }
