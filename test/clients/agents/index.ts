import type { Agent } from '../agent.ts'
import { claudeCode } from './claude-code.ts'
import { cline } from './cline.ts'
import { continueCli } from './continue.ts'
import { opencodes } from './opencode.ts'

export const agents: readonly Agent[] = [claudeCode, cline, continueCli, ...opencodes]
