/** What the service's own client reads from the bytes of an answer, without a network. */
import { Readable } from 'node:stream'
import { CodeWhispererStreaming, type ChatResponseStream } from '@aws/codewhisperer-streaming-client'

/** Its events in order, and the error that it throws instead of the next one. */
export async function readOfficially(
  bytes: Uint8Array,
): Promise<{ events: ChatResponseStream[]; error?: unknown }> {
  const client = new CodeWhispererStreaming({
    endpoint: 'http://127.0.0.1:1',
    region: 'us-east-1',
    token: { token: 'none' },
    maxAttempts: 1,
    requestHandler: {
      handle: async () => ({
        response: {
          statusCode: 200,
          headers: { 'content-type': 'application/vnd.amazon.eventstream' },
          body: Readable.from([bytes]),
        },
      }),
    },
  })
  const events: ChatResponseStream[] = []
  try {
    const answer = await client.generateAssistantResponse({
      conversationState: {
        chatTriggerType: 'MANUAL',
        currentMessage: { userInputMessage: { content: 'hi' } },
      },
    })
    for await (const event of answer.generateAssistantResponseResponse ?? []) events.push(event)
    return { events }
  } catch (error) {
    return { events, error }
  }
}
