/** What is known of an agent: how it is run without a person, which of its tools the model calls, and what shall come of it. */
import type { ScenarioName } from './scenarios.ts'

/** Where one run of an agent happens. */
export interface Place {
  /** Of the gateway, without a slash at its end. */
  gatewayUrl: string
  key: string
  /** The agent's home, empty at first. */
  home: string
  /** Where it works. */
  folder: string
  /** Whether the agent shall sum up its conversation after the first long answer of a tool. */
  compactsEarly: boolean
}

export interface Command {
  /** The program, or Node and a script, and the arguments. */
  line: readonly string[]
  /** Beside the environment that every agent gets. */
  environment: Readonly<Record<string, string>>
}

/** A call of one of the agent's own tools, as the model service writes it. */
export interface ToolCall {
  name: string
  input: Readonly<Record<string, unknown>>
}

export interface Tools {
  runShell?: (command: string) => ToolCall
  /** Shows an image to the model. */
  showImage?: (file: string) => ToolCall
  /** A tool that is declared within a namespace. */
  closeAgent?: (id: string) => ToolCall
  /** A tool that takes text in place of JSON: adds a file with one line. */
  addFile?: (name: string, line: string) => ToolCall
}

export interface Expectation {
  exit: 'success' | 'failure'
  /** How often the agent asks for an answer. */
  requests: number
  /** What it tells the person, beside what the scenario itself looks for. */
  tells?: RegExp
}

export interface Agent {
  name: string
  /** The npm package that has the version. */
  packageName: string
  /** The program within the installed packages; a script ends in `.js` and is run by Node. */
  program: string
  /** The API that it speaks, as the gateway's log calls it. */
  dialect: string
  /** Settings that the gateway needs for it. */
  gatewaySettings?: Readonly<Record<string, string>>
  /** Writes what the agent reads its settings from, and tells how a question is put to it: arguments, and variables. */
  prepare(question: string, place: Place): { args: readonly string[]; environment: Command['environment'] }
  tools: Tools
  /** What shall come of each scenario; one that is missing is not for this agent. */
  expected: Readonly<Partial<Record<ScenarioName, Expectation>>>
}
