/** Tools to try out, and what each would answer. Pure. */
import { isObject, parseJson, textAt, type Json } from '../json.ts'
import type { ToolDeclaration } from '../request/turns.ts'
import { calculate } from './calculate.ts'

export const presets: readonly ToolDeclaration[] = [
  {
    name: 'get_weather',
    description: 'Current weather of a city.',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string', description: 'Name of the city, like Paris' },
        unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
      },
      required: ['city'],
    },
  },
  {
    name: 'calculator',
    description: 'Value of an arithmetic expression with + - * / ^ and parentheses.',
    parameters: {
      type: 'object',
      properties: { expression: { type: 'string', description: 'Like (2 + 3) * 4' } },
      required: ['expression'],
    },
  },
  {
    name: 'echo',
    description: 'Answers the text that it is given.',
    parameters: {
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
    },
  },
]

/** What the tool of this name might answer to such a call. */
export function answerCall(name: string, input: string): { text: string; isError: boolean } {
  const given = parseJson(input)
  switch (name) {
    case 'get_weather':
      return well(weatherOf(given))
    case 'calculator': {
      const result = calculate(textAt(given, 'expression') ?? '')
      return result === undefined
        ? { text: 'This is no expression that can be worked out.', isError: true }
        : well({ result })
    }
    case 'echo':
      return { text: textAt(given, 'text') ?? input, isError: false }
    default:
      return well({ ok: true })
  }
}

function well(value: Json): { text: string; isError: boolean } {
  return { text: JSON.stringify(value), isError: false }
}

/** Made up from the name, so that the same city has the same weather. */
function weatherOf(given: Json | undefined): Json {
  const city = textAt(given, 'city') ?? 'Paris'
  const celsius = Array.from(city).reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % 30
  const isFahrenheit = isObject(given) && given['unit'] === 'fahrenheit'
  const temperature = isFahrenheit ? Math.round(celsius * 1.8 + 32) : celsius
  return { city, temperature, unit: isFahrenheit ? 'fahrenheit' : 'celsius', sky: 'partly cloudy' }
}
