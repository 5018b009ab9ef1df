import type { ClientSetup } from './client-setup.ts'
import { aiSdk } from './clients/ai-sdk.ts'
import { aider } from './clients/aider.ts'
import { anthropicSdk } from './clients/anthropic-sdk.ts'
import { cherryStudio } from './clients/cherry-studio.ts'
import { claudeCode } from './clients/claude-code.ts'
import { cline } from './clients/cline.ts'
import { codex } from './clients/codex.ts'
import { continueDev } from './clients/continue.ts'
import { curl } from './clients/curl.ts'
import { cursor } from './clients/cursor.ts'
import { langchain } from './clients/langchain.ts'
import { lobechat } from './clients/lobechat.ts'
import { n8n } from './clients/n8n.ts'
import { openWebui } from './clients/open-webui.ts'
import { openaiSdk } from './clients/openai-sdk.ts'
import { opencode } from './clients/opencode.ts'
import { zed } from './clients/zed.ts'

/** In the order of the guides. */
export const clientSetups: readonly ClientSetup[] = [
  claudeCode,
  codex,
  opencode,
  cline,
  continueDev,
  cursor,
  zed,
  aider,
  cherryStudio,
  openWebui,
  lobechat,
  n8n,
  openaiSdk,
  anthropicSdk,
  aiSdk,
  langchain,
  curl,
]
