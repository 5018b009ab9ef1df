/** Test files, run by vitest in a process of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runProcess } from '../../../tools/checks/run-process.ts'

const CAP_SECONDS = 600

/** Resolves to what its reporter `json` says, whether they passed or not. */
export async function runTests(files: readonly string[]): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'aqueduct-tests-'))
  try {
    const output = path.join(folder, 'results.json')
    const vitest = path.join('node_modules', 'vitest', 'vitest.mjs')
    await runProcess({
      args: [vitest, 'run', '--reporter=json', `--outputFile=${output}`, ...files],
      stop: AbortSignal.timeout(CAP_SECONDS * 1000),
      capSeconds: CAP_SECONDS,
      inherit: false,
    })
    return readFileSync(output, 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
