/** Asks the simulator about accounts in every binding, for its own tests. */
import { request as send } from 'node:http'
import type { Simulator } from './simulator.ts'

type Inquiry = 'ListAvailableModels' | 'ListAvailableProfiles' | 'GetUsageLimits'

export interface InquiryAnswer {
  status: number
  errorType: string | undefined
  json: Record<string, unknown>
}

interface Question {
  accessToken: string
  binding: 'aws-json' | 'rest-json' | 'kiro-management'
  input?: Record<string, string | number>
  /** Absent: that of the socket, which tells no region. */
  host?: string
}

const paths = {
  'rest-json': {
    ListAvailableModels: '/ListAvailableModels',
    ListAvailableProfiles: '/ListAvailableProfiles',
    GetUsageLimits: '/getUsageLimits',
  },
  'kiro-management': {
    ListAvailableModels: '/List-Available-Models',
    ListAvailableProfiles: '/List-Available-Profiles',
    GetUsageLimits: '/Get-Usage-Limits',
  },
}

/** Not `fetch`, which cannot say that it means another host. */
export function inquire(simulator: Simulator, inquiry: Inquiry, question: Question): Promise<InquiryAnswer> {
  const { binding, input = {}, accessToken, host } = question
  const path = binding === 'aws-json' ? '/' : paths[binding][inquiry]
  const posted = binding === 'aws-json' || inquiry === 'ListAvailableProfiles'
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input)) query.set(name, String(value))
  return new Promise((resolve, reject) => {
    const request = send(
      {
        port: simulator.port,
        method: posted ? 'POST' : 'GET',
        path: posted || query.size === 0 ? path : `${path}?${query.toString()}`,
        headers: {
          authorization: `Bearer ${accessToken}`,
          ...(posted && {
            'content-type': binding === 'aws-json' ? 'application/x-amz-json-1.0' : 'application/json',
          }),
          ...(binding === 'aws-json' && { 'x-amz-target': `AmazonCodeWhispererService.${inquiry}` }),
          ...(host !== undefined && { host }),
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const json: Record<string, unknown> = Object(JSON.parse(Buffer.concat(chunks).toString('utf8')))
          const errorType = response.headers['x-amzn-errortype']
          resolve({ status: response.statusCode ?? 0, errorType: errorType?.toString(), json })
        })
      },
    )
    request.on('error', reject)
    request.end(posted ? JSON.stringify(input) : undefined)
  })
}
