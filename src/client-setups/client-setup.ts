/** How a client is pointed at the gateway: what to write where. Data alone, for the command line and for pages. */
import type { JsonObject } from '../conversation/conversation.ts'

/** Stands where a key belongs, while none is given. */
export const KEY_PLACEHOLDER = 'YOUR_KEY'

/** What is set where nobody has said anything else. */
export const usualModels = { model: 'claude-sonnet-4.5', smallModel: 'claude-haiku-4.5' } as const

/** Letters that mean the same in every kind of settings file, and in a shell. */
export const PLAIN = /^[\w.:/@+=~-]{1,500}$/

/** Where commands are typed; settings files are named as their systems do. */
export const shells = ['sh', 'powershell', 'cmd'] as const
export type Shell = (typeof shells)[number]

export interface SetupValues {
  /** Of the gateway as the client reaches it: scheme, host and port. */
  origin: string
  key: string
  model: string
  /** For titles, summaries and other small tasks. */
  smallModel: string
}

export interface ClientSetup {
  /** As in `aqueduct setup NAME`; its guide is called the same. */
  name: string
  title: string
  /** The form in which it asks. */
  api: 'chat' | 'messages' | 'responses'
  /** Where it puts the key. */
  keyHeader: 'authorization' | 'x-api-key'
  /** The name by which it asks for the model, where that is not the model's own. */
  alias?: string
  /** Whether it asks for answers piece by piece. */
  streams: boolean
  /** How the names of its programs begin, as calls/client-program.ts tells them; none: nobody knows. */
  programs: readonly string[]
  /** A container finds the gateway by the name of its service, the Internet by its public address. */
  calledFrom: 'this machine' | 'a container' | 'the Internet'
  /** What it wants as address: with `/v1`, or without. */
  baseUrlOf(origin: string): string
  parts(values: SetupValues): readonly SetupPart[]
  /** Variables that would be heeded in place of the settings. */
  rivals: readonly string[]
  /** What to check or do besides: sentences. */
  remarks: readonly Remark[]
  /** A link of the client's own that takes settings over. */
  deepLink?: 'cherry-studio' | 'cc-switch-claude' | 'cc-switch-codex'
}

export interface Remark {
  en: string
  'zh-CN': string
}

export type SetupPart = SettingsFile | Variables | Form | Command | Script | Program

export interface SettingsFile {
  kind: 'file'
  title: string
  format: 'json' | 'yaml' | 'toml'
  content: JsonObject
  /** Absent where only its owner knows which folder it belongs to. */
  place?: FilePlace
}

/** Paths begin at the home folder, and have `/` between their parts. */
export interface FilePlace {
  path: string
  /** A variable that names another folder to begin at. */
  movedBy?: StartFolder
  onWindows?: StartFolder
}

interface StartFolder {
  variable: string
  path: string
  /** Elsewhere the variable means nothing to the client. */
  platform?: 'linux'
}

/** Of the environment: of a terminal, or lines of a file like `.env`. */
export interface Variables {
  kind: 'variables'
  title: string
  form: 'terminal' | 'env'
  variables: Readonly<Record<string, string>>
  /** What to start where they are set. */
  command?: string
}

/** Fields that are typed in, by their names in the client. */
export interface Form {
  kind: 'form'
  title: string
  fields: JsonObject
}

/** One command, whose words each shell quotes in its own way. */
export interface Command {
  kind: 'command'
  title: string
  words: readonly string[]
}

/** Commands that differ by more than quotes. */
export interface Script {
  kind: 'script'
  title: string
  texts: Readonly<Record<Shell, string>>
}

/** Examples, whose values are put in as mark-slots.ts does. */
export interface Program {
  kind: 'program'
  title: string
  language: 'ts' | 'js' | 'python'
  text: string
}

/** For clients of the OpenAI API. */
export const withVersion = (origin: string): string => `${origin}/v1`
/** For clients that append the version themselves. */
export const withoutVersion = (origin: string): string => origin

/** "Claude Sonnet 4.5" for `claude-sonnet-4.5`. */
export function titleOfModel(model: string): string {
  return model
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
}

/** Each once, as both may be the same. */
export function modelsOf({ model, smallModel }: SetupValues): string[] {
  return [...new Set([model, smallModel])]
}
