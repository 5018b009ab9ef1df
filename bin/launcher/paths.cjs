'use strict'

const path = require('node:path')

const root = path.resolve(__dirname, '../..')

module.exports = {
  root,
  pinnedNodeFolder: path.join(root, 'tools', 'node'),
  sourceFolder: path.join(root, 'src'),
  consoleFolder: path.join(root, 'console'),
  bundle: path.join(root, 'dist', 'main.js'),
  lock: path.join(root, '.cache', 'launcher.lock'),
}
