#!/usr/bin/env node
// Runs a task of this repository and first brings what is missing for it: Node, dependencies, the bundle.
// This file stays in the syntax of Node 6, so that a Node of any age can say what is wrong instead of failing to parse.
'use strict'

const major = Number(process.versions.node.split('.')[0])

if (major < 18) {
  process.stderr.write(
    'aqueduct: Node ' +
      process.versions.node +
      ' is too old even to set Aqueduct up. Install Node 24 from https://nodejs.org, then run this again.\n',
  )
  process.exit(69)
} else {
  const { launch } = require('./launcher/launch.cjs')
  void launch(process.argv.slice(2))
}
