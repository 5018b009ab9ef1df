/** Which operation a request asks for, by which binding, and how answers and errors look in it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Binding, Operation } from './journal.ts'
import { type Refusal, statusOf } from './refusal.ts'
import type { Switches } from './switches.ts'

export interface Route {
  operation: Operation
  binding: Binding
  /** Why the front end turns the request away before any operation sees it. */
  refusal?: Refusal
}

const operationByTarget: Readonly<Record<string, Operation>> = {
  'AmazonCodeWhispererStreamingService.GenerateAssistantResponse': 'GenerateAssistantResponse',
  'AmazonCodeWhispererService.ListAvailableModels': 'ListAvailableModels',
}

const operationByRequestLine: Readonly<Record<string, Operation>> = {
  'POST /generateAssistantResponse': 'GenerateAssistantResponse',
  'GET /ListAvailableModels': 'ListAvailableModels',
  'POST /client/register': 'RegisterClient',
  'POST /device_authorization': 'StartDeviceAuthorization',
  'POST /token': 'CreateToken',
}

/** The path `/` goes by its target; any other path is REST, and a target header there means nothing. */
export function findRoute(request: IncomingMessage, path: string): Route {
  return path === '/' ? findTarget(request) : findResource(request, path)
}

function findTarget(request: IncomingMessage): Route {
  const binding = 'aws-json'
  const target = request.headers['x-amz-target']
  const operation = typeof target === 'string' ? operationByTarget[target] : undefined
  if (operation === undefined || request.method !== 'POST') {
    const refusal = { name: 'UnknownOperationException', message: 'No such operation.' }
    return { operation: 'Unknown', binding, refusal }
  }
  if (mediaType(request) === 'application/x-amz-json-1.0') return { operation, binding }
  return { operation, binding, refusal: unsupported('application/x-amz-json-1.0') }
}

function findResource(request: IncomingMessage, path: string): Route {
  const binding = 'rest-json'
  const operation = operationByRequestLine[`${request.method} ${path}`]
  if (operation === undefined) {
    const refusal = { name: 'UnknownOperationException', message: 'No such resource.' }
    return { operation: 'Unknown', binding, refusal }
  }
  if (request.method === 'GET' || mediaType(request) === 'application/json') return { operation, binding }
  return { operation, binding, refusal: unsupported('application/json') }
}

function mediaType(request: IncomingMessage): string | undefined {
  return request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
}

function unsupported(expected: string): Refusal {
  return { name: 'UnsupportedMediaTypeException', message: `The content type must be ${expected}.` }
}

const FRONT_END_NAMES = new Set([
  'ExpiredTokenException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'UnsupportedMediaTypeException',
])

/** Writes an error in the envelope of its binding; answers the status. */
export function writeRefusal(
  response: ServerResponse,
  refusal: Refusal,
  { binding, switches }: { binding: Binding; switches: Switches },
): number {
  const status = refusal.status ?? throttleStatus(refusal, binding, switches) ?? statusOf(refusal)
  const { name, message, reason } = refusal
  const body = { message, ...(reason !== undefined && { reason }), ...refusal.extra }
  for (const [header, value] of Object.entries(refusal.headers ?? {})) response.setHeader(header, value)
  if (binding === 'aws-json') {
    const space = FRONT_END_NAMES.has(name) ? 'com.amazon.coral.service' : 'com.amazon.aws.codewhisperer'
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
    response.end(JSON.stringify({ __type: `${space}#${name}`, ...body }))
  } else {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name })
    response.end(JSON.stringify(body))
  }
  return status
}

function throttleStatus({ name }: Refusal, binding: Binding, switches: Switches): number | undefined {
  if (name !== 'ThrottlingException') return undefined
  return binding === 'aws-json' ? switches.awsJsonThrottleStatus : switches.restThrottleStatus
}
