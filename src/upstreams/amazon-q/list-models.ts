/** Asks the service which models an account has: ListAvailableModels (protocol 6.1), page by page. */

import { GatewayError } from '../../conversation/failures.ts'
import type { Access, ModelInfo } from '../upstream.ts'
import { channelOf, originOf, regionOf } from './channels.ts'
import { collectPages } from './collect-pages.ts'
import { inTime, inquire, textOf } from './inquire.ts'
import type { InquiryOptions } from './inquire.ts'
import { readModelPage } from './read-models.ts'

const MOST_MODELS = 500

/** Throws a GatewayError; one that is `client-gone` when the signal aborts. An answer without any model is a failure too. */
export async function listModels(access: Access, options: InquiryOptions): Promise<ModelInfo[]> {
  const models = await inTime(options, 'its models', (signal) =>
    collectPages({
      fetch: (nextToken) => fetchPage(access, { ...options, signal }, nextToken),
      read: readModelPage,
      keyOf: ({ id }) => id,
      mostItems: MOST_MODELS,
      unreadable,
    }),
  )
  if (models.length === 0) throw unreadable()
  return models
}

function unreadable(): GatewayError {
  return new GatewayError('upstream-unavailable', 'What Amazon Q answered is no list of models.')
}

async function fetchPage(
  access: Access,
  options: InquiryOptions,
  nextToken: string | undefined,
): Promise<string> {
  const channel = channelOf(access.channel)
  const { profileArn } = access
  const input = {
    origin: originOf(channel, access),
    ...(profileArn !== undefined && { profileArn }),
    ...(nextToken !== undefined && { nextToken }),
  }
  const question = {
    channel,
    inquiry: 'ListAvailableModels',
    region: regionOf(channel, access),
    input,
  } as const
  return textOf(await inquire(access, question, options), options.clock)
}
