'use strict'

// V8 lets the space for young objects grow to three times 32 MB under load, and a server of many streams gains nothing by that.
// It begins with one MB, and clears that away time and again while the program is loaded: a tenth of the start.
const gatewayFlags = require('./node-flags.json')
/** A heap of its own for each thread of V8 costs some 8 MB under load, and saves nothing that was seen. */
const gatewayEnvironment = require('./node-environment.json')

/**
 * What `npm run TASK` does, once Node and the dependencies are there.
 * `script`: run with Node, relative to the root; `flags` go before it, `args` after it and before the user's own;
 * `environment`: what a process of its own gets beside the user's, as package.json has it for `npm start`;
 * `bundle`: build dist/main.js first; `inProcess`: load it into this process when its Node is new enough.
 */
const tasks = {
  start: {
    script: 'dist/main.js',
    flags: gatewayFlags,
    environment: gatewayEnvironment,
    bundle: true,
    inProcess: true,
  },
  'hash-password': { script: 'dist/main.js', args: ['hash-password'], bundle: true },
  dev: { script: 'src/main.ts', flags: ['--watch'] },
  test: { script: 'tools/check.ts' },
  demo: { script: 'tools/demo.ts', bundle: true },
  format: { script: 'node_modules/oxfmt/bin/oxfmt', args: ['.'] },
  bench: { script: 'bench/main.ts', bundle: true },
  'check:full': { script: 'tools/check-full.ts', bundle: true },
  'test:clients': { script: 'test/full/agents.ts' },
}

/** What `aqueduct NAME` does beside that: the operator's commands, which get all words. */
const operatorCommand = { script: 'dist/cli.js', bundle: true, inProcess: true }

module.exports = { operatorCommand, tasks }
