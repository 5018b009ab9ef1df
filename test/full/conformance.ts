/**
 * The tests of test/conformance, and what they have proven as a page. docs/conformance.md has to be that
 * page. Run: node test/full/conformance.ts [--write], which renews it.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readFindings, writeConformance } from '../conformance/report.ts'
import { keepPage } from './lab/keep-page.ts'
import { runTests } from './lab/run-tests.ts'

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
const document = new URL('../../docs/conformance.md', import.meta.url)
const files = ['anthropic-messages', 'chat-completions', 'responses', 'everywhere'].map((name) =>
  path.join('test', 'conformance', `${name}.test.ts`),
)
const findings = readFindings(await runTests(files))
const isKept = await keepPage(document, writeConformance(findings), values.write)
const failed = findings.filter((finding) => finding.failed > 0)
const tests = findings.reduce((sum, { passed }) => sum + passed, 0)
for (const { id, failed: count } of failed) process.stdout.write(`${id}: ${count} failed\n`)
process.stdout.write(
  `${findings.length} assertions, ${tests} tests passed, ${failed.length} assertions failed\n`,
)
process.exitCode = failed.length === 0 && tests > 0 && isKept ? 0 : 1
