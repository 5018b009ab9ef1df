/**
 * The tests of test/conformance, and what they have proven as a page. Run: node test/full/conformance.ts [--write],
 * which renews docs/conformance.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { runProcess } from '../../tools/checks/run-process.ts'
import { readFindings, writeConformance } from '../conformance/report.ts'

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
const document = new URL('../../docs/conformance.md', import.meta.url)
const folder = mkdtempSync(path.join(tmpdir(), 'aqueduct-conformance-'))
try {
  const output = path.join(folder, 'results.json')
  const vitest = path.join('node_modules', 'vitest', 'vitest.mjs')
  const files = ['anthropic-messages', 'chat-completions', 'responses', 'everywhere'].map((name) =>
    path.join('test', 'conformance', `${name}.test.ts`),
  )
  await runProcess({
    args: [vitest, 'run', '--reporter=json', `--outputFile=${output}`, ...files],
    stop: AbortSignal.timeout(600_000),
    capSeconds: 600,
    inherit: false,
  })
  const findings = readFindings(readFileSync(output, 'utf8'))
  if (values.write) writeFileSync(document, writeConformance(findings))
  const failed = findings.filter((finding) => finding.failed > 0)
  const tests = findings.reduce((sum, { passed }) => sum + passed, 0)
  for (const { id, failed: count } of failed) process.stdout.write(`${id}: ${count} failed\n`)
  process.stdout.write(
    `${findings.length} assertions, ${tests} tests passed, ${failed.length} assertions failed\n`,
  )
  process.exitCode = failed.length === 0 && tests > 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
