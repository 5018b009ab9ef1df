import { readdirSync } from 'node:fs'
import type {
  ResponseCreateParams,
  ResponseFormatTextConfig,
  ResponseInputContent,
  ResponseInputFile,
  ResponseInputImage,
  ResponseInputItem,
  ResponseInputText,
  ResponseTextConfig,
  Tool,
} from 'openai/resources/responses/responses'
import type { Reasoning } from 'openai/resources/shared'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { readClientRequest } from '../../../test/client-request.ts'
import { parameters } from './parameters.ts'
import { responsesBody } from './schema.ts'

const known = new Set(Object.keys(parameters))
const missingOf = (paths: string[]) => paths.filter((path) => !known.has(path))

const fixtures = readdirSync(new URL('../../../test/fixtures/client-requests', import.meta.url))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => readClientRequest(name).path.endsWith('/responses'))

type FieldsOf<Element, Path extends string> = `${Path}.${keyof Element & string}`
/** Those that the table names one by one; families of them have a star. */
type ItemType = Exclude<
  NonNullable<ResponseInputItem['type']>,
  `mcp_${string}` | `computer_call${string}` | `program${string}`
>
type ToolType = Exclude<Tool['type'], `web_search${string}` | `computer${string}`>

/** What the vendor's own types have and the table has not; the compiler finds it. */
type Missing = Exclude<
  | keyof ResponseCreateParams
  | FieldsOf<ResponseCreateParams.StreamOptions, 'stream_options'>
  | FieldsOf<Reasoning, 'reasoning'>
  | FieldsOf<ResponseTextConfig, 'text'>
  | `tools[].${ToolType}`
  | `input[].${ItemType}`
  | `input[].content[].${ResponseInputContent['type']}`
  | FieldsOf<Omit<ResponseInputText, 'text'>, 'input[].content[]'>
  | FieldsOf<Omit<ResponseInputImage, 'type' | 'prompt_cache_breakpoint'>, 'input[].content[].input_image'>
  | FieldsOf<Omit<ResponseInputFile, 'type' | 'prompt_cache_breakpoint'>, 'input[].content[].input_file'>,
  keyof typeof parameters
>

describe('the table of parameters', () => {
  it('has every field that the SDK of OpenAI has', () => {
    const missing: Missing[] = []
    expectTypeOf<Missing>().toBeNever()
    expect(missing).toEqual([])
  })

  it('knows every form of answers that the SDK of OpenAI has', () => {
    expectTypeOf<ResponseFormatTextConfig['type']>().toEqualTypeOf<'text' | 'json_object' | 'json_schema'>()
  })

  it('has every field that is read', () => {
    expect(missingOf(Object.keys(responsesBody.shape))).toEqual([])
  })

  it.each(fixtures)('has every field of %s', (name) => {
    const body = z.record(z.string(), z.unknown()).parse(readClientRequest(name).body)
    expect(missingOf(Object.keys(body))).toEqual([])
  })
})
