/**
 * The tests of test/sdk, and what they have proven as a page. docs/sdks.md has to be that page.
 * Run: node test/full/sdks.ts [--write], which renews it.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readCells, writeSdks } from '../sdk/report.ts'
import { keepPage } from './lab/keep-page.ts'
import { runTests } from './lab/run-tests.ts'

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
const document = new URL('../../docs/sdks.md', import.meta.url)
const files = ['openai', 'anthropic', 'ai-sdk', 'langchain'].map((name) =>
  path.join('test', 'sdk', `${name}.test.ts`),
)
const cells = readCells(await runTests(files))
const isKept = await keepPage(document, writeSdks(cells), values.write)
const open = cells.filter(({ passed, failed }) => failed > 0 || passed === 0)
const tests = cells.reduce((sum, { passed }) => sum + passed, 0)
for (const { row, ability } of open) process.stdout.write(`${row}: ${ability} is not proven\n`)
process.stdout.write(`${cells.length} cells, ${tests} tests passed, ${open.length} cells not proven\n`)
process.exitCode = open.length === 0 && isKept ? 0 : 1
