import { z } from 'zod'

/** What is asked for as structured output, and what the tool is given. */
export const place = z.object({ city: z.string() })

/** The same as JSON schema. */
export const placeSchema: Record<string, unknown> = z.toJSONSchema(place)

export const readPlace = (json: string) => place.parse(JSON.parse(json))

/** Of the tool that every library is given. */
export const weatherTool = { name: 'get_weather', description: 'Tells the weather of a city.' }
