/**
 * The tests of test/conformance, and what they have proven as a page. Run: node test/full/conformance.ts [--write],
 * which renews docs/conformance.md.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readFindings, writeConformance } from '../conformance/report.ts'
import { runTests } from './lab/run-tests.ts'

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
const document = new URL('../../docs/conformance.md', import.meta.url)
const files = ['anthropic-messages', 'chat-completions', 'responses', 'everywhere'].map((name) =>
  path.join('test', 'conformance', `${name}.test.ts`),
)
const findings = readFindings(await runTests(files))
if (values.write) writeFileSync(document, writeConformance(findings))
const failed = findings.filter((finding) => finding.failed > 0)
const tests = findings.reduce((sum, { passed }) => sum + passed, 0)
for (const { id, failed: count } of failed) process.stdout.write(`${id}: ${count} failed\n`)
process.stdout.write(
  `${findings.length} assertions, ${tests} tests passed, ${failed.length} assertions failed\n`,
)
process.exitCode = failed.length === 0 && tests > 0 ? 0 : 1
