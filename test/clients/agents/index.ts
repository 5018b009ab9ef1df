import type { Agent } from '../agent.ts'
import { claudeCode } from './claude-code.ts'
import { cline } from './cline.ts'
import { codexes } from './codex.ts'
import { continueCli } from './continue.ts'
import { opencodes } from './opencode.ts'

export const agents: readonly Agent[] = [claudeCode, ...codexes, cline, continueCli, ...opencodes]
