/** The shapes of what is written into clients, as templates. */
import * as z from 'zod'
import { PLAIN, shells, usualModels } from '../../client-setups/client-setup.ts'
import { quotings } from '../../client-setups/fill-template.ts'

const text = z.string()

export const setupsQuery = z.strictObject({
  model: z.string().regex(PLAIN, 'must be the name of a model').default(usualModels.model),
})

const template = z
  .array(
    z.object({
      text: text.describe('Has {{origin}} and {{key}} in it where `quoting` is not null'),
      quoting: z.enum(quotings).nullable().describe('To be applied once the slots are filled'),
    }),
  )
  .describe('To be filled, quoted and joined')

const part = z.object({
  kind: z.enum(['file', 'variables', 'form', 'command', 'script', 'program']),
  variants: z.array(
    z.object({ shells: z.array(z.enum(shells)), title: text, language: text, pieces: template }),
  ),
})

const setup = z.object({
  name: text,
  title: text,
  api: z.enum(['chat', 'messages', 'responses']),
  calledFrom: z.enum(['this machine', 'a container', 'the Internet']),
  basePath: text.describe('What the address has behind scheme, host and port'),
  programs: z.array(text).describe('How `client` of its calls begins; empty: nobody knows'),
  rivals: z.array(text).describe('Variables that would be heeded in place of the settings'),
  remarks: z.array(z.object({ en: text, 'zh-CN': text })),
  deepLink: z.enum(['cherry-studio', 'cc-switch-claude', 'cc-switch-codex']).nullable(),
  parts: z.array(part),
  check: z
    .object({
      path: text,
      stream: z.boolean(),
      alias: text.nullable().describe('By which it asks for the model, if not by its own name'),
      headers: z.array(z.object({ name: text, value: text })),
      body: text,
      commands: z.object({ sh: template, powershell: template, cmd: template }),
    })
    .describe('The request that the client would begin with'),
})

export const setupListAnswer = z.object({
  setups: z.array(setup),
  models: z.array(text).describe('Those that may be asked for now'),
})
