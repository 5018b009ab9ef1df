/** Which operation a request asks for, by which binding, and how answers and errors look in it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Binding, Operation } from './journal.ts'
import { type Refusal, statusOf } from './refusal.ts'
import type { Switches } from './switches.ts'

const AWS_JSON = 'application/x-amz-json-1.0'
const JSON_TYPE = 'application/json'

/** Those of awsJson, with targets and `__type`; the others are REST. */
export function isAwsJson(binding: Binding): boolean {
  return binding === 'aws-json' || binding === 'kiro-runtime'
}

/** Media type of bodies that are JSON, both ways. */
export function mediaTypeOf(binding: Binding): string {
  return isAwsJson(binding) ? AWS_JSON : JSON_TYPE
}

export interface Route {
  operation: Operation
  binding: Binding
  /** Why the front end turns the request away before any operation sees it. */
  refusal?: Refusal
}

const operationByTarget: Readonly<Record<string, Operation>> = {
  'AmazonCodeWhispererStreamingService.GenerateAssistantResponse': 'GenerateAssistantResponse',
  'AmazonCodeWhispererService.ListAvailableModels': 'ListAvailableModels',
  'AmazonCodeWhispererService.ListAvailableProfiles': 'ListAvailableProfiles',
  'AmazonCodeWhispererService.GetUsageLimits': 'GetUsageLimits',
}

const KIRO_RUNTIME_TARGET = 'KiroRuntimeService.GenerateAssistantResponse'
const CHAT_PATH = '/generateAssistantResponse'

const operationByRequestLine: Readonly<Record<string, Operation>> = {
  'POST /generateAssistantResponse': 'GenerateAssistantResponse',
  'GET /ListAvailableModels': 'ListAvailableModels',
  'POST /ListAvailableProfiles': 'ListAvailableProfiles',
  'GET /getUsageLimits': 'GetUsageLimits',
  'POST /mcp': 'InvokeMCP',
  'POST /client/register': 'RegisterClient',
  'POST /device_authorization': 'StartDeviceAuthorization',
  'POST /token': 'CreateToken',
}

/** Kiro's control plane has paths of its own. */
const managementOperationByRequestLine: Readonly<Record<string, Operation>> = {
  'GET /List-Available-Models': 'ListAvailableModels',
  'POST /List-Available-Profiles': 'ListAvailableProfiles',
  'GET /Get-Usage-Limits': 'GetUsageLimits',
}

/**
 * The path `/` goes by its target; any other path is REST, and a target header there means nothing. But for Kiro's
 * runtime, which some clients ask at the REST path and others at `/`.
 */
export function findRoute(request: IncomingMessage, path: string): Route {
  const ofKiro = request.headers['x-amz-target'] === KIRO_RUNTIME_TARGET
  if (ofKiro && request.method === 'POST' && (path === '/' || path === CHAT_PATH)) {
    return takeOnly(AWS_JSON, request, { operation: 'GenerateAssistantResponse', binding: 'kiro-runtime' })
  }
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
  return takeOnly(AWS_JSON, request, { operation, binding })
}

function findResource(request: IncomingMessage, path: string): Route {
  const line = `${request.method} ${path}`
  const managed = managementOperationByRequestLine[line]
  const binding = managed === undefined ? 'rest-json' : 'kiro-management'
  const operation = managed ?? operationByRequestLine[line]
  if (operation === undefined) {
    const refusal = { name: 'UnknownOperationException', message: 'No such resource.' }
    return { operation: 'Unknown', binding, refusal }
  }
  return request.method === 'GET'
    ? { operation, binding }
    : takeOnly(JSON_TYPE, request, { operation, binding })
}

function takeOnly(mediaType: string, { headers }: IncomingMessage, route: Route): Route {
  if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() === mediaType) return route
  const message = `The content type must be ${mediaType}.`
  return { ...route, refusal: { name: 'UnsupportedMediaTypeException', message } }
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
  response.setHeader('content-type', mediaTypeOf(binding))
  if (isAwsJson(binding)) {
    response.writeHead(status)
    response.end(JSON.stringify({ __type: `${namespaceOf(name, binding)}#${name}`, ...body }))
  } else {
    response.writeHead(status, { 'x-amzn-errortype': name })
    response.end(JSON.stringify(body))
  }
  return status
}

function namespaceOf(name: string, binding: Binding): string {
  if (FRONT_END_NAMES.has(name)) return 'com.amazon.coral.service'
  return binding === 'kiro-runtime' ? 'com.amazon.kiro.runtimeservice' : 'com.amazon.aws.codewhisperer'
}

function throttleStatus({ name }: Refusal, binding: Binding, switches: Switches): number | undefined {
  if (name !== 'ThrottlingException') return undefined
  return isAwsJson(binding) ? switches.awsJsonThrottleStatus : switches.restThrottleStatus
}
