import { firehose } from './firehose.ts'
import { firstToken } from './first-token.ts'
import { crowd, paced } from './paced.ts'
import { pool } from './pool.ts'
import { prompts } from './prompts.ts'
import type { Scenario } from './scenario.ts'
import { nonStream, streams } from './short-answers.ts'
import { start } from './start.ts'
import { viewers } from './viewers.ts'

export const scenarios: readonly Scenario[] = [
  start,
  streams,
  nonStream,
  firehose,
  firstToken,
  paced,
  crowd,
  prompts,
  pool,
  viewers,
]
